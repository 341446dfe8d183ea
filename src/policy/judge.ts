// Decides whether a notification is due and still eligible, and what follows from its attempts.
import type { PastAttempt } from '../domain/attempt.ts'
import type { Deliverable, Move, Sendable } from '../domain/deliverable.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import { endOfQuiet } from '../i18n/local-time.ts'
import { addressSuppressed, optedOut, supersededBy } from './eligibility.ts'
import { nextStep } from './next-step.ts'
import type { NextStep, RouteStop } from './terms.ts'

/** Not to be sent now: either nothing is done, or it moves. */
type Judged = { kind: 'skip'; why: string; snoozeUntil?: Date } | { kind: 'move'; move: Move }

/** The policy's next step for a notification that is due and eligible. */
export function judge(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): NextStep | Judged {
  if (n.state !== 'scheduled' && n.state !== 'pending' && n.state !== 'unconfirmed')
    return { kind: 'skip', why: n.state }
  if (!n.dueAt) return { kind: 'skip', why: 'held' }
  // Another machine's clock may be ahead, so a job may come early.
  if (n.dueAt > now) return { kind: 'skip', why: 'not due yet', snoozeUntil: n.dueAt }
  const ineligible = ineligibility(n)
  if (ineligible && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'suppressed', reason: ineligible, dueAt: null } }
  if (n.supersededBy && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'cancelled', reason: supersededBy(n.supersededBy), dueAt: null } }
  const step = stepOf(route, n, history, now)
  // It may have been sent, so it must not be called suppressed.
  if (ineligible && step.kind === 'attempt')
    return { kind: 'move', move: { state: 'unconfirmed', reason: reason('held', { ineligible }), dueAt: null } }
  return step
}

/** A suppression or an opt-out since it was planned. */
function ineligibility(n: Sendable): Reason | null {
  return n.suppressed ? addressSuppressed(n.suppressed) : n.optedOut && optedOut(n.optedOut)
}

/** The policy's next step by the attempts since a person's last retry; a call within quiet hours waits for their end. */
export function stepOf(route: RouteStop[], n: Deliverable, history: PastAttempt[], now: Date): NextStep {
  const counted = history.filter((attempt) => attempt.number > n.restartedAfter)
  const step = nextStep(n, route, counted, now)
  const until = step.kind === 'attempt' ? endOfQuiet(now, n.quietHours, n.timezone) : null
  if (!until) return step
  const state = n.state === 'unconfirmed' ? 'unconfirmed' : 'pending'
  return { kind: 'wait', until, state, reason: reason('quiet_hours') }
}

/** The move after an attempt was closed or settled. */
export function whatFollows(route: RouteStop[], n: Deliverable, history: PastAttempt[], now: Date): Move {
  return asMove(stepOf(route, n, history, now), now)
}

export function asMove(step: NextStep, now: Date): Move {
  switch (step.kind) {
    case 'attempt':
      return { state: 'pending', reason: reason('due'), dueAt: now }
    case 'look':
      return { state: 'unconfirmed', reason: reason('settling'), dueAt: now }
    case 'wait':
      return { state: step.state, reason: step.reason, dueAt: step.until }
    case 'stop':
      return {
        state: step.state,
        reason: step.reason,
        dueAt: null,
        ...(step.reason && { entry: entry('ended', { state: step.state, reason: step.reason }) }),
      }
  }
}
