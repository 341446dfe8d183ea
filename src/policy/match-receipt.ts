// Matches a receipt to an attempt of its notification; repeated each time, because the provider's id of an attempt's
// message may become known after the receipt.
import type { PastAttempt } from '../domain/attempt.ts'
import type { ReceiptSubject } from '../domain/receipt.ts'

export interface Match {
  attempt: PastAttempt
  /** Matched by an id, not by elimination. */
  named: boolean
}

/** Null if no attempt can match: the receipt is about another message. */
export function matchReceipt(
  { provider, providerMessageId, namedAttemptId }: ReceiptSubject,
  history: PastAttempt[],
): Match | null {
  const own = history.filter((a) => a.provider === provider).reverse()
  // Repeats with one key share a message and its id. The latest counts: a person may have retried in between.
  const named =
    (providerMessageId !== null && own.find((a) => a.ref === providerMessageId)) ||
    own.find((a) => a.id === namedAttemptId)
  if (named) return { attempt: named, named: true }
  const nameless = own.filter((a) => a.ref === null || providerMessageId === null)
  const attempt = nameless.find(mayHaveIt) ?? nameless[0]
  return attempt ? { attempt, named: false } : null
}

function mayHaveIt({ outcome, verdict }: PastAttempt): boolean {
  return outcome === null || outcome === 'accepted' || (outcome === 'unknown' && verdict !== 'not_taken')
}
