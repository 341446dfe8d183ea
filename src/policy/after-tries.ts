// Decides how a delivery ends whose tries failed or ended the process too often.
import type { Outcome, PastAttempt } from '../domain/attempt.ts'
import type { Deliverable, Move } from '../domain/deliverable.ts'
import { reason } from '../domain/reason.ts'
import { workerLost } from './decide-delivery.ts'
import { asSettled, unaccounted, withOutcome } from './history.ts'
import { asMove } from './judge.ts'
import { giveUp } from './rounds.ts'

/** `givenUp`: the open attempt, to be closed first. */
interface End {
  move: Move
  givenUp?: { number: number; outcome: Outcome }
}

/** Null if it has ended. A message that may have been sent is held, and not called failed. */
export function afterTries(n: Deliverable, history: PastAttempt[], now: Date): End | null {
  if (n.dueAt === null) return null
  const open = history.find(({ outcome }) => outcome === null)
  const counted = history
    .filter(({ number }) => number > n.restartedAfter)
    .map((attempt) => asSettled(attempt === open ? withOutcome(attempt, workerLost, now) : attempt))
  const givenUp = open && { number: open.number, outcome: workerLost }
  return { move: endOf(counted, now), ...(givenUp && { givenUp }) }
}

function endOf(history: PastAttempt[], now: Date): Move {
  if (history.some(({ outcome }) => outcome === 'accepted')) return { state: 'sent', reason: null, dueAt: null }
  const step = giveUp('failed', reason('delivery_failed'), unaccounted(history))
  const isHeld = step.kind === 'stop' && step.state === 'unconfirmed'
  return asMove(isHeld ? { ...step, reason: reason('held', { hasFailed: true }) } : step, now)
}
