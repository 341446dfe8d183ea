// Whether a notification is due and may still go out, and what follows from all that was tried: a function of its arguments.
import type { PastAttempt } from '../domain/attempt.ts'
import type { Deliverable, Move, Sendable } from '../domain/deliverable.ts'
import type { Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { endOfQuiet } from '../i18n/local-time.ts'
import { nextStep } from './next-step.ts'
import type { NextStep, RouteStop } from './terms.ts'

/** It is not to be sent for now: nothing is done, or it moves. */
type Judged = { kind: 'skip'; why: string; snoozeUntil?: Date } | { kind: 'move'; move: Move }

/** Is it due, may it still go out, and what does the policy say? */
export function judge(route: RouteStop[], n: Sendable, history: PastAttempt[], now: Date): NextStep | Judged {
  if (n.state !== 'scheduled' && n.state !== 'pending' && n.state !== 'unconfirmed')
    return { kind: 'skip', why: n.state }
  if (!n.dueAt) return { kind: 'skip', why: 'held' }
  // Another machine's clock may be ahead: a job that comes early is set again.
  if (n.dueAt > now) return { kind: 'skip', why: 'not due yet', snoozeUntil: n.dueAt }
  const never = mustNotBeSent(n)
  if (never && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'suppressed', reason: never, dueAt: null } }
  if (n.superseded && n.state !== 'unconfirmed')
    return { kind: 'move', move: { state: 'cancelled', reason: n.superseded, dueAt: null } }
  const step = stepOf(route, n, history, now)
  // In doubt, and nobody may write there any more: it may have gone out, so it is not called suppressed.
  if (never && step.kind === 'attempt')
    return { kind: 'move', move: { state: 'unconfirmed', reason: reason('held', never.text), dueAt: null } }
  return step
}

/** Learned since it was planned: nobody may write to the address, or the recipient wants no more of these. */
function mustNotBeSent(n: Sendable): Reason | null {
  return n.suppressed ? addressSuppressed(n.suppressed) : n.optedOut
}

export function addressSuppressed(why: string): Reason {
  return reason('suppressed_address', `On the list as: ${why}.`)
}

/** What the policy says of the attempts since a person last asked for another try; a call that falls into quiet hours waits. */
export function stepOf(route: RouteStop[], n: Deliverable, history: PastAttempt[], now: Date): NextStep {
  const counted = history.filter((attempt) => attempt.number > n.restartedAfter)
  const step = nextStep(n, route, counted, now)
  const until = step.kind === 'attempt' ? endOfQuiet(now, n.quietHours, n.timezone) : null
  if (!until) return step
  const state = n.state === 'unconfirmed' ? 'unconfirmed' : 'pending'
  return { kind: 'wait', until, state, reason: reason('quiet_hours') }
}

/** What follows once an attempt is closed or settled. */
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
        ...(step.reason && { entry: { what: `It ended as ${step.state}.`, detail: step.reason.text } }),
      }
  }
}
