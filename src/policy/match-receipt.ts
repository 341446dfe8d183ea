// Which attempt a receipt is about, among those of its notification. Asked anew each time: what an attempt's message is
// called may become known after the receipt came.
import type { PastAttempt } from '../domain/attempt.ts'
import type { KeptReceipt } from '../domain/receipt.ts'

export interface Match {
  attempt: PastAttempt
  /** By a name, and not because no other fits. */
  named: boolean
}

/** Null where no attempt can be meant: the provider tells of another message. */
export function matchReceipt(
  { provider, providerMessageId, toldAttemptId }: Pick<KeptReceipt, 'provider' | 'providerMessageId' | 'toldAttemptId'>,
  history: PastAttempt[],
): Match | null {
  const own = history.filter((a) => a.provider === provider).reverse()
  // A repeat by the same key has the same message: the latest of that name, as a person's retry may lie between.
  const named =
    (providerMessageId !== null && own.find((a) => a.ref === providerMessageId)) ||
    own.find((a) => a.id === toldAttemptId)
  if (named) return { attempt: named, named: true }
  const nameless = own.filter((a) => a.ref === null || providerMessageId === null)
  const attempt = nameless.find(mayHaveIt) ?? nameless[0]
  return attempt ? { attempt, named: false } : null
}

function mayHaveIt({ outcome, verdict }: PastAttempt): boolean {
  return outcome === null || outcome === 'accepted' || (outcome === 'unknown' && verdict !== 'not_taken')
}
