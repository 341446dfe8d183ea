// Decides a notification's move by a provider's answer, whether it came in time or after its attempt was given up.
import type { Answer, Outcome, PastAttempt, Verdict } from '../domain/attempt.ts'
import type { Acceptance, Deliverable, Move, Suppression } from '../domain/deliverable.ts'
import { type Entry, entry } from '../domain/timeline.ts'
import { withOutcome } from './history.ts'
import { whatFollows } from './judge.ts'
import type { RouteStop } from './terms.ts'

/** An answer, its attempt, and all attempts of the notification. */
export interface Answered {
  history: PastAttempt[]
  attempt: PastAttempt
  answer: Answer
}

/** The move by an answer to the open attempt. */
export function afterAnswer(route: RouteStop[], n: Deliverable, { history, attempt, answer }: Answered): Move {
  const { provider, outcome, endedAt } = answer
  const known = history.map((a) => (a === attempt ? withOutcome(a, outcome, endedAt) : a))
  const next = whatFollows(route, n, known, endedAt)
  if (next.state !== 'sent') return next
  const accepted =
    outcome.kind === 'accepted' ? { provider, ref: outcome.ref, at: endedAt } : acceptedEarlier(n, history)
  return { ...next, ...(accepted && { accepted }) }
}

/** An earlier attempt was settled as taken while this call was open; that one is the acceptance. */
function acceptedEarlier(n: Deliverable, history: PastAttempt[]): Acceptance | undefined {
  const earlier = history.find(({ verdict, number }) => verdict === 'taken' && number > n.restartedAfter)
  return earlier && { provider: earlier.provider, ref: null, at: earlier.endedAt ?? earlier.startedAt }
}

/** The address to suppress by this answer. */
export function suppressionBy({ provider, outcome, endedAt }: Answer, n: Deliverable): Suppression | null {
  if (outcome.kind !== 'rejected' || !outcome.suppress || !n.to) return null
  return { channel: n.channel, address: n.to, reason: outcome.suppress, source: provider, at: endedAt }
}

/** Whether this same answer closed the attempt: the commit succeeded, and its confirmation was lost. */
export function isClosedBy(attempt: PastAttempt, { outcome, endedAt }: Answer): boolean {
  return (
    attempt.endedAt?.getTime() === endedAt.getTime() &&
    attempt.outcome === outcome.kind &&
    attempt.errorCode === (outcome.kind === 'accepted' ? null : outcome.code)
  )
}

/** The timeline entry for an answer to an attempt that was given up. */
export function lateEntry({ attempt, answer: { provider, outcome } }: Answered): Entry {
  const text = outcome.text ?? null
  return entry('answered_late', { provider, attempt: attempt.number, outcome: outcome.kind, text })
}

/** How a late answer settles its attempt; null if it does not, or something else already has. */
export function lateVerdict(n: Deliverable, { attempt, answer: { outcome } }: Answered): Verdict | null {
  const isEnded = n.state !== 'pending' && n.state !== 'sending' && n.state !== 'unconfirmed'
  if (isEnded || attempt.outcome !== 'unknown' || attempt.verdict || outcome.kind === 'unknown') return null
  return outcome.kind === 'accepted' ? 'taken' : 'not_taken'
}

/**
 * The move by a late answer that settled its attempt; `ref` is the provider's id of the message, if known. Null if
 * another call is open, whose close will take this into account, or if a person has asked for a retry since.
 */
export function afterLateAnswer(
  route: RouteStop[],
  n: Deliverable,
  { history, attempt, answer }: Answered,
  ref: string | null,
): Move | null {
  const { provider, outcome, endedAt } = answer
  if (n.state === 'sending' || attempt.number <= n.restartedAfter) return null
  if (outcome.kind !== 'accepted') return whatFollows(route, n, asRefused(history, attempt, outcome), endedAt)
  return { state: 'sent', reason: null, dueAt: null, accepted: { provider, ref, at: endedAt } }
}

/** The history as if the refusal had come in time. A rejection of the message goes last, so that it ends the delivery. */
function asRefused(history: PastAttempt[], attempt: PastAttempt, outcome: Outcome): PastAttempt[] {
  const refused = withOutcome(attempt, outcome, attempt.endedAt ?? attempt.startedAt)
  if (refused.blame !== 'message') return history.map((a) => (a === attempt ? refused : a))
  return [...history.filter((a) => a !== attempt), refused]
}
