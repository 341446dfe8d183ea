// Chooses the receipts of a notification that decide what all of them come to, so that the others need not be read again.
import type { PastAttempt } from '../domain/attempt.ts'
import { isChoice, type ReceiptSubject, type StoredReceipt } from '../domain/receipt.ts'
import { matchReceipt } from './match-receipt.ts'
import { isEarlier } from './merge-receipts.ts'

interface Counting {
  /** By arrival: it gives an attempt the provider's message id. */
  first: StoredReceipt
  /** By the provider's clock: the earliest, and of choices the latest. */
  decisive: StoredReceipt
}

/**
 * Of receipts in order of arrival, those without which another result could follow, in the same order: at most two of each
 * message, kind and suppression. Further receipts lead to the same together with these as together with all.
 */
export function receiptsThatCount(receipts: StoredReceipt[]): StoredReceipt[] {
  const groups = new Map<string, Counting>()
  for (const receipt of receipts) {
    const key = groupOf(receipt)
    const group = groups.get(key)
    if (!group) groups.set(key, { first: receipt, decisive: receipt })
    else if (outweighs(receipt, group.decisive)) group.decisive = receipt
  }
  const counting = new Set([...groups.values()].flatMap(({ first, decisive }) => [first, decisive]))
  return receipts.filter((receipt) => counting.has(receipt))
}

/** Receipts of one group match the same attempt, whatever becomes known of the attempts. */
function groupOf({ provider, providerMessageId, namedAttemptId, kind, isFresh, suppress }: StoredReceipt): string {
  return JSON.stringify([provider, providerMessageId, namedAttemptId, kind, isFresh && { suppress }])
}

/** Whether a receipt that came later decides in place of the other. */
function outweighs(later: StoredReceipt, other: StoredReceipt): boolean {
  return isChoice(later.kind) ? later.at >= other.at : isEarlier(later, other)
}

/** A receipt that was read, with what was marked on it before. */
export interface ReadReceipt {
  id: string
  /** Receipts with the same subject share it. */
  subject: ReceiptSubject
  attemptId: string | null
  isApplied: boolean
}

/** What is marked on an applied receipt. */
export interface ReceiptMark {
  receiptId: string
  /** Null if it matches no attempt. */
  attemptId: string | null
  /** The next receipts are merged without it. */
  outweighed: boolean
}

/** The marks that change, once all of `read` are applied; `counting` are those of them that count. */
export function marksOf(read: ReadReceipt[], counting: StoredReceipt[], history: PastAttempt[]): ReceiptMark[] {
  const kept = new Set(receiptsThatCount(counting.map((one) => ({ ...one, isFresh: false }))).map(({ id }) => id))
  const attemptOf = attemptsOf(history)
  return read.flatMap(({ id, subject, attemptId, isApplied }) => {
    const mark = { receiptId: id, attemptId: attemptOf(subject), outweighed: !kept.has(id) }
    return isApplied && !mark.outweighed && mark.attemptId === attemptId ? [] : [mark]
  })
}

/** Those of `read` that do not count: what is left of them leads to the same, so they need not be applied. */
export function outweighedOf(read: ReadReceipt[], counting: StoredReceipt[], history: PastAttempt[]): ReceiptMark[] {
  const kept = new Set(counting.map(({ id }) => id))
  const attemptOf = attemptsOf(history)
  return read.flatMap(({ id, subject }) =>
    kept.has(id) ? [] : [{ receiptId: id, attemptId: attemptOf(subject), outweighed: true }],
  )
}

function attemptsOf(history: PastAttempt[]): (subject: ReceiptSubject) => string | null {
  const attempts = new Map<ReceiptSubject, string | null>()
  return (subject) => {
    const known = attempts.get(subject)
    const attempt = known === undefined ? (matchReceipt(subject, history)?.attempt.id ?? null) : known
    attempts.set(subject, attempt)
    return attempt
  }
}
