// A receipt: what a provider reports about a message after the call. Receipts come in any order, repeatedly, and sometimes
// before the attempt's own commit, so they are identified by content and merged independently of order.

export const receiptKinds = [
  /** The provider has it (queued, processed, sent on): settles an unknown outcome, but is no delivery. */
  'taken',
  /** The provider never took it, or dropped it before sending. */
  'not-sent',
  /** The mail server or the handset has it. */
  'delivered',
  /** Permanently refused: the message will not arrive. */
  'undelivered',
  /** The provider is still trying. */
  'delayed',
  'opened',
  'clicked',
  /** A program, not a person, fetched its images or followed a link. */
  'scanned',
  /** The person reported it as spam. */
  'complained',
  /** The person used the provider's own unsubscribe. */
  'unsubscribed',
  /** The person took that back. */
  'resubscribed',
  /** The provider put the address on a list of its own, whichever message was the cause. */
  'listed',
] as const
export type ReceiptKind = (typeof receiptKinds)[number]

/** Whether it reports what the recipient chose, of which the latest counts. */
export function isChoice(kind: ReceiptKind): boolean {
  return kind === 'unsubscribed' || kind === 'resubscribed'
}

export interface Receipt {
  /** A repeat of the receipt has the same key; unique within its provider. */
  key: string
  kind: ReceiptKind
  /** When it happened, by the provider's clock; null if not given. */
  at: Date | null
  /** The provider's id of the message. */
  providerMessageId: string | null
  /** Our ids, if the receipt returns them. */
  notificationId: string | null
  attemptId: string | null
  /** The address that the report names; it may name nothing else. */
  address: string | null
  /** Why the address must be suppressed for every provider. */
  suppress: 'hard_bounce' | 'complaint' | 'invalid_address' | 'opted_out' | null
  /** The provider's code and text for support staff, without addresses. */
  code: string | null
  text: string | null
}

/** A stored receipt of a notification. */
export interface StoredReceipt {
  id: string
  provider: string
  kind: ReceiptKind
  /** By the provider's clock, or ours if it gave no time. */
  at: Date
  providerMessageId: string | null
  /** Our attempt id as the provider returned it, unchecked. */
  namedAttemptId: string | null
  suppress: string | null
  code: string | null
  text: string | null
  /** What it says of the address does not count yet. */
  isFresh: boolean
}

/** What finds the attempt of a receipt. */
export type ReceiptSubject = Pick<StoredReceipt, 'provider' | 'providerMessageId' | 'namedAttemptId'>
