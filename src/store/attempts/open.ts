// Attempts: opened before a call, closed after it, each with the move of its notification and the next
// alarm in one transaction. What to do is decided by the stage (`decide`, pure) on rows that are locked
// here; many callers share one transaction (batch.ts). close.ts has the second half, rows.ts and
// writes.ts the statements.
import type { Outcome, PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable, Move } from '../../domain/deliverable.ts'
import type { Priority } from '../../domain/event.ts'
import type { Channel, Message, State } from '../../domain/notification.ts'
import { reason } from '../../domain/reason.ts'
import { batcher } from '../batch.ts'
import { type Db, isDatabaseAway, type Tx, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { alarmOf } from '../jobs/wake.ts'
import { type Closed, type CloseRequest, closeAll } from './close.ts'
import { historiesOf, lock } from './rows.ts'
import { move, noWrites, type Writes, write } from './writes.ts'

export interface OpenAttempt {
  id: string
  provider: string
  round: number
  why: string
  /** It tries a provider whose circuit is open. */
  probe: boolean
  /** When it is given up, should its worker die. */
  dueAt: Date
}

/** What to do with a notification that an alarm named. `givenUp` closes the open attempt of a worker that is gone. */
export type OpenDecision =
  | { kind: 'leave'; why: string; ringAt?: Date }
  | { kind: 'move'; move: Move; givenUp?: GivenUp }
  | { kind: 'open'; attempt: OpenAttempt; givenUp?: GivenUp }
  /** Wait for a token of the provider's rate, or claim the leave to probe it; then ask again. */
  | { kind: 'pace'; provider: string; probe: boolean }
  /** Look for the answer of an attempt; until `dueAt` it is left to the caller. */
  | { kind: 'look'; attempt: PastAttempt; dueAt: Date; givenUp?: GivenUp }

export interface GivenUp {
  number: number
  outcome: Outcome
}

export type Opened =
  | { kind: 'left'; why: string }
  | { kind: 'moved'; state: State }
  /** `begun`: calls were made before. */
  | { kind: 'paced'; provider: string; probe: boolean; channel: Channel; priority: Priority; begun: boolean }
  | {
      kind: 'opened'
      attempt: OpenAttempt & { number: number }
      notifier: string
      generation: number
      message: Message
    }
  | { kind: 'looking'; attempt: PastAttempt; message: Message }

export interface OpenRequest {
  notificationId: string
  now: Date
  decide(notification: Deliverable, history: PastAttempt[]): OpenDecision
}

export interface Attempts {
  /** Locks the notification, asks `decide`, does it. After `opened` the caller must call the provider and close. */
  open(request: OpenRequest): Promise<Opened>
  /** Closes an open attempt for good and moves its notification. */
  close(request: CloseRequest): Promise<Closed>
}

/** What is read before the decisions about new attempts, and written after them, in the same transaction. */
export interface Gate {
  see(tx: Tx): Promise<void>
  pay(tx: Tx): Promise<void>
}

export function attemptsOf(db: Db, jobs: Jobs, gate: Gate): Attempts {
  const options = { maxItems: 200, isShared: isDatabaseAway }
  return {
    open: batcher((requests) => transaction(db, (tx) => openAll(tx, jobs, gate, requests)), options),
    close: batcher((requests) => transaction(db, (tx) => closeAll(tx, jobs, requests)), options),
  }
}

async function openAll(tx: Tx, jobs: Jobs, gate: Gate, requests: OpenRequest[]): Promise<Opened[]> {
  const ids = requests.map((request) => request.notificationId)
  const rows = await lock(tx, ids)
  const histories = await historiesOf(tx, ids)
  await gate.see(tx)
  const writes = noWrites()
  const seen = new Set<string>()
  const opened = requests.map(({ notificationId, now, decide }): Opened => {
    const notification = rows.get(notificationId)
    if (!notification) return { kind: 'left', why: 'unknown id' }
    // Two alarms of one notification in one batch: the second would decide on rows that the first is changing.
    if (seen.has(notificationId)) return { kind: 'left', why: 'rung twice at once' }
    seen.add(notificationId)
    const history = histories.get(notificationId) ?? []
    return open(writes, notification, history.length + 1, decide(notification, history), now)
  })
  await write(tx, jobs, writes)
  // Last: others wait for the rows that this locks.
  await gate.pay(tx)
  return opened
}

function open(writes: Writes, n: Deliverable, number: number, decision: OpenDecision, now: Date): Opened {
  if (decision.kind === 'leave') {
    if (decision.ringAt) writes.alarms.push(alarmOf(n, decision.ringAt))
    return { kind: 'left', why: decision.why }
  }
  if (decision.kind === 'pace') {
    const { provider, probe } = decision
    return { kind: 'paced', provider, probe, channel: n.channel, priority: n.priority, begun: n.begun }
  }
  if (decision.givenUp) writes.closings.push({ notificationId: n.id, endedAt: now, ...decision.givenUp })
  if (decision.kind === 'move') {
    move(writes, n, decision.move, now)
    return { kind: 'moved', state: decision.move.state }
  }
  if (!n.message) throw new Error('a notification that is to be sent has no message')
  if (decision.kind === 'look') {
    const { attempt, dueAt } = decision
    move(writes, n, { state: 'unconfirmed', reason: reason('settling'), dueAt }, now)
    return { kind: 'looking', attempt, message: n.message }
  }
  const attempt = { ...decision.attempt, number }
  writes.openings.push({ notificationId: n.id, startedAt: now, ...attempt })
  writes.moves.push({ id: n.id, state: 'sending', reasonCode: 'attempt_open', dueAt: attempt.dueAt })
  const { notifier, generation, message } = n
  return { kind: 'opened', attempt, notifier, generation, message }
}
