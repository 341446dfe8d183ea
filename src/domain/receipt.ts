// A receipt is what a provider tells us later. Receipts come in any order, more than once, and sometimes
// before our own commit: they are stored raw, told apart by content, and merged so that order does not matter.

export const receiptKinds = [
  /** The provider has it (queued, processed, sent onwards): settles a doubt, says nothing of the mailbox. */
  'taken',
  /** The provider says that it never took it, or dropped it before sending. */
  'not-sent',
  /** The mailbox's server or the handset has it. */
  'delivered',
  /** Refused on the way, for good: the message will not arrive. */
  'undelivered',
  /** Slow: the provider goes on trying. */
  'delayed',
  'opened',
  'clicked',
  /** The person called it spam. */
  'complained',
  /** The person wants no more of these (a provider's own unsubscribe). */
  'unsubscribed',
] as const
export type ReceiptKind = (typeof receiptKinds)[number]

export interface Receipt {
  /** The same receipt, told again, has the same key; unique within its provider. */
  key: string
  kind: ReceiptKind
  /** When it happened, by the provider's clock; null where it does not say. */
  at: Date | null
  /** The provider's id of the message. */
  providerMessageId: string | null
  /** Our ids, where the receipt brings them back. */
  notificationId: string | null
  attemptId: string | null
  /** The address must not be written to again by anybody, and why. */
  suppress: 'hard_bounce' | 'complaint' | 'invalid_address' | 'opted_out' | null
  /** The provider's code and words for support staff, without addresses. */
  code: string | null
  text: string | null
}

/** A receipt of a notification, as it is kept. */
export interface KeptReceipt {
  id: string
  provider: string
  kind: ReceiptKind
  /** By the provider's clock, else by ours. */
  at: Date
  providerMessageId: string | null
  /** Our id, as the provider brought it back. */
  toldAttemptId: string | null
  suppress: string | null
  code: string | null
  text: string | null
  /** It has not been applied yet. */
  isFresh: boolean
}
