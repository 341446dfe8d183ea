// Which attempt a receipt is about, among those of its notification. Asked anew each time: what an attempt's message is
// called may become known after the receipt came. store/attempts/apply-receipts.ts asks, merge-receipts.ts gets the answer.
import type { PastAttempt } from '../domain/attempt.ts'

/** An attempt with the provider's id of its message, where it is known. */
export interface NamedAttempt extends PastAttempt {
  ref: string | null
}

export interface Told {
  provider: string
  providerMessageId: string | null
  toldAttemptId: string | null
}

export interface Attribution {
  attempt: NamedAttempt
  /** By a name, and not because no other fits. */
  named: boolean
}

/** Null where no attempt can be meant: the provider tells of another message. */
export function attribute({ provider, providerMessageId, toldAttemptId }: Told, history: NamedAttempt[]) {
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
