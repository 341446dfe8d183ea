// What a provider's answer comes to for its notification: an answer in time, or one to an attempt that was given up meanwhile.
import type { Answer, Outcome, PastAttempt, Verdict } from '../domain/attempt.ts'
import type { Acceptance, Deliverable, Entry, Move, Suppression } from '../domain/deliverable.ts'
import { withOutcome } from './history.ts'
import { whatFollows } from './judge.ts'
import type { RouteStop } from './terms.ts'

/** The attempt that an answer is to, among the others of its notification. */
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

/** The doubt about an earlier call ended while this one was open: it is sent by that. */
function acceptedEarlier(n: Deliverable, history: PastAttempt[]): Acceptance | undefined {
  const earlier = history.find(({ verdict, number }) => verdict === 'taken' && number > n.restartedAfter)
  return earlier && { provider: earlier.provider, ref: null, at: earlier.endedAt ?? earlier.startedAt }
}

/** The address that an answer says must not be written to again. */
export function suppressionBy({ provider, outcome, endedAt }: Answer, n: Deliverable): Suppression | null {
  if (outcome.kind !== 'rejected' || !outcome.suppress || !n.to) return null
  return { channel: n.channel, address: n.to, reason: outcome.suppress, source: provider, at: endedAt }
}

/** This very answer closed the attempt: the commit went well, and its confirmation was lost. */
export function isClosedBy(attempt: PastAttempt, { outcome, endedAt }: Answer): boolean {
  return (
    attempt.endedAt?.getTime() === endedAt.getTime() &&
    attempt.outcome === outcome.kind &&
    attempt.errorCode === (outcome.kind === 'accepted' ? null : outcome.code)
  )
}

/** An answer to what was given up is told in the timeline, whatever else it changes. */
export function lateEntry({ attempt, answer: { provider, outcome } }: Answered): Entry {
  return {
    what: `${provider} answered late.`,
    detail:
      `Attempt ${attempt.number} had been given up when its answer came: ${outcome.kind}. ${outcome.text ?? ''}`.trim(),
  }
}

/** How a late answer ends the doubt about its attempt; null where something newer has, or it ends none. */
export function lateVerdict(n: Deliverable, { attempt, answer: { outcome } }: Answered): Verdict | null {
  const isEnded = n.state !== 'pending' && n.state !== 'sending' && n.state !== 'unconfirmed'
  if (isEnded || attempt.outcome !== 'unknown' || attempt.verdict || outcome.kind === 'unknown') return null
  return outcome.kind === 'accepted' ? 'taken' : 'not_taken'
}

/**
 * The move by a late answer that ended a doubt; `ref` is the provider's id of the message, where it is known. Null where
 * another call is open, whose end decides by this too; or a person has asked for another try, and this counts no more.
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

/** As if the refusal had come in time, and as the last word: what is hopeless everywhere ends here, whatever followed it. */
function asRefused(history: PastAttempt[], attempt: PastAttempt, outcome: Outcome): PastAttempt[] {
  const refused = withOutcome(attempt, outcome, attempt.endedAt ?? attempt.startedAt)
  if (refused.blame !== 'message') return history.map((a) => (a === attempt ? refused : a))
  return [...history.filter((a) => a !== attempt), refused]
}
