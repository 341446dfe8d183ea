// What a delivery does with a notification: one step, by its rows and its route alone.
import type { Outcome, PastAttempt } from '../domain/attempt.ts'
import type { Move, Sendable } from '../domain/deliverable.ts'
import { withOutcome } from './history.ts'
import { asMove, judge, stepOf } from './judge.ts'
import type { NextStep, RouteStop } from './terms.ts'

/** `givenUp`: the open attempt of a worker that is gone, which is closed first. */
export type Decision =
  | { kind: 'skip'; why: string; snoozeUntil?: Date }
  | { kind: 'move'; move: Move; givenUp?: GivenUp }
  /** It wants a call of this provider. `probe`: the provider's circuit is open, and one message may try it. */
  | { kind: 'call'; provider: string; probe: boolean; round: number; why: string; givenUp?: GivenUp }
  /** The provider is to be asked for the lost answer to this attempt. */
  | { kind: 'look-up'; attempt: PastAttempt; givenUp?: GivenUp }

interface GivenUp {
  number: number
  outcome: Outcome
}

const workerLost: Outcome = {
  kind: 'unknown',
  code: 'worker_lost',
  text: 'The worker that made this call stopped before it could say how it ended.',
}

export function decideDelivery(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): Decision {
  if (n.state === 'sending') return decideOpenAttempt(route, n, history, now)
  const judged = judge(route, n, history, now)
  return judged.kind === 'skip' || judged.kind === 'move' ? judged : asDecision(route, judged, now)
}

/** An attempt is open already: young, its worker is at it; old, that worker is gone and nobody knows the outcome. */
function decideOpenAttempt(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): Decision {
  const open = history.find((attempt) => attempt.outcome === null)
  if (!open) throw new Error('a notification is sending without an open attempt')
  if (n.dueAt && n.dueAt > now) return { kind: 'skip', why: 'an attempt is open' }
  const known = history.map((attempt) => (attempt === open ? withOutcome(attempt, workerLost, now) : attempt))
  const decision = asDecision(route, stepOf(route, n, known, now), now)
  return { ...decision, givenUp: { number: open.number, outcome: workerLost } }
}

function asDecision(route: RouteStop[], step: NextStep, now: Date): Exclude<Decision, { kind: 'skip' }> {
  if (step.kind === 'look') return { kind: 'look-up', attempt: step.attempt }
  if (step.kind !== 'attempt') return { kind: 'move', move: asMove(step, now) }
  const { provider, round, why } = step
  const probe = route.some((stop) => stop.provider === provider && stop.probe !== null)
  return { kind: 'call', provider, probe, round, why }
}
