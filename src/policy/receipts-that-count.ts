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

/** A message has one id at its provider, and rarely a few. */
const maxSubjects = 50

/**
 * Of receipts in order of arrival, those without which another result could follow, in the same order: at most two of each
 * message, kind and suppression. Further receipts lead to the same together with these as together with all. Of messages
 * beyond the first fifty, those that no attempt is known to have count as one.
 */
export function receiptsThatCount(receipts: StoredReceipt[], history: PastAttempt[]): StoredReceipt[] {
  const groups = new Map<string, Counting>()
  const groupOf = grouping(history)
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
function grouping(history: PastAttempt[]): (receipt: StoredReceipt) => string {
  const refs = new Set(history.map(({ ref }) => ref))
  const ids = new Set(history.map(({ id }) => id))
  const subjects = new Map<string, Set<string>>()
  return ({ provider, providerMessageId, namedAttemptId, kind, isFresh, suppress }) => {
    const rest = JSON.stringify([provider, kind, isFresh && { suppress }])
    const subject = JSON.stringify([providerMessageId, namedAttemptId])
    const own = subjects.get(rest) ?? new Set()
    subjects.set(rest, own)
    if (own.size < maxSubjects) own.add(subject)
    if (own.has(subject)) return `${rest} ${subject}`
    const known = {
      ref: refs.has(providerMessageId) && providerMessageId,
      id: ids.has(namedAttemptId ?? '') && namedAttemptId,
    }
    return `${rest} ${JSON.stringify(known)}`
  }
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
  const kept = new Set(keptOf(counting, history).map(({ id }) => id))
  const attemptOf = attemptsOf(history)
  return read.flatMap(({ id, subject, attemptId, isApplied }) => {
    const mark = { receiptId: id, attemptId: attemptOf(subject), outweighed: !kept.has(id) }
    return isApplied && !mark.outweighed && mark.attemptId === attemptId ? [] : [mark]
  })
}

/** Those that count once all of these are applied. */
function keptOf(counting: StoredReceipt[], history: PastAttempt[]): StoredReceipt[] {
  return receiptsThatCount(
    counting.map((one) => ({ ...one, isFresh: false })),
    history,
  )
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
