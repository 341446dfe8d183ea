// Decides the next step of a delivery from the notification, its attempts and its route.
import type { Outcome, PastAttempt } from '../domain/attempt.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import type { Move, Sendable } from '../domain/deliverable.ts'
import { withOutcome } from './history.ts'
import { asMove, judge, stepOf } from './judge.ts'
import type { NextStep, RouteStop } from './terms.ts'

/** `givenUp`: the open attempt of a dead worker, to be closed first. */
export type Decision =
  | { kind: 'skip'; why: string; snoozeUntil?: Date }
  | { kind: 'move'; move: Move; givenUp?: GivenUp }
  /** Call this provider. `probe`: its circuit is open, and this message is the probe. */
  | { kind: 'call'; provider: string; probe: boolean; round: number; cause: AttemptCause; givenUp?: GivenUp }
  /** Look up the message of this attempt at its provider. */
  | { kind: 'look-up'; attempt: PastAttempt; givenUp?: GivenUp }

interface GivenUp {
  number: number
  outcome: Outcome
}

export const workerLost: Outcome = {
  kind: 'unknown',
  code: 'worker_lost',
  text: 'The worker stopped before it recorded how the call ended.',
}

export function decideDelivery(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): Decision {
  if (n.state === 'sending') return decideOpenAttempt(route, n, history, now)
  const judged = judge(route, n, history, now)
  return judged.kind === 'skip' || judged.kind === 'move' ? judged : asDecision(route, judged, now)
}

/** A recent open attempt is left to its worker; an old one's worker has died, so its outcome is unknown. */
function decideOpenAttempt(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): Decision {
  const open = history.find((attempt) => attempt.outcome === null)
  if (!open) throw new Error('a notification in the state sending has no open attempt')
  if (n.dueAt && n.dueAt > now) return { kind: 'skip', why: 'an attempt is open' }
  const known = history.map((attempt) => (attempt === open ? withOutcome(attempt, workerLost, now) : attempt))
  const decision = asDecision(route, stepOf(route, n, known, now), now)
  return { ...decision, givenUp: { number: open.number, outcome: workerLost } }
}

function asDecision(route: RouteStop[], step: NextStep, now: Date): Exclude<Decision, { kind: 'skip' }> {
  if (step.kind === 'look') return { kind: 'look-up', attempt: step.attempt }
  if (step.kind !== 'attempt') return { kind: 'move', move: asMove(step, now) }
  const { provider, round, cause } = step
  const probe = route.some((stop) => stop.provider === provider && stop.probe !== null)
  return { kind: 'call', provider, probe, round, cause }
}
