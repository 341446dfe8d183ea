// Opens attempts: decides the next step of each notification of a batch, and carries it out in one transaction.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { abandonedAfterMs, type PastAttempt } from '../domain/attempt.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import type { Sendable } from '../domain/deliverable.ts'
import type { Priority } from '../domain/event.ts'
import type { Channel, Message, State } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { routeStops } from '../guard/route-stops.ts'
import { type Decision, decideDelivery } from '../policy/decide-delivery.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import { historiesOf, lockForOpen, messagesOf, type ToSend } from '../store/attempts/rows.ts'
import { type Tx, transactionAfter } from '../store/db.ts'
import { jobOf, secondsUntil } from '../store/jobs/wake.ts'
import { readHealth } from '../store/providers/health.ts'
import { together } from '../store/together.ts'
import { addMove, noWrites, type Writes, write } from '../store/writes.ts'
import { providerNamed } from './provider-named.ts'

/** How long a look-up may take before another worker may start one. */
const lookUpTimeoutMs = 15_000

export interface ToOpen {
  notificationId: string
  now: Date
  /** The provider of whose rate the caller holds a token. */
  token: string | null
}

export interface OpenAttempt {
  id: string
  number: number
  provider: string
  round: number
  cause: AttemptCause
  /** Whether it probes a provider whose circuit is open. */
  probe: boolean
  /** When it counts as abandoned. */
  dueAt: Date
}

/** What the call needs to know of the notification. */
export type Sending = Pick<ToSend, 'notifier' | 'generation' | 'eventId' | 'scheduledFor' | 'priority' | 'traceparent'>

export type Opened =
  | { kind: 'skipped'; why: string }
  | { kind: 'moved'; state: State }
  /** The caller must wait for a token of the provider's rate, or claim its probe permit, and open again. */
  | { kind: 'throttled'; provider: string; probe: boolean; channel: Channel; priority: Priority; attempted: boolean }
  | { kind: 'opened'; attempt: OpenAttempt; sending: Sending; message: Message }
  /** The caller must look up the attempt's message; for `lookUpTimeoutMs` no other worker will. */
  | { kind: 'look-up'; attempt: PastAttempt; sending: Sending; message: Message }

type OpenedCall = Extract<Opened, { message: Message }>
/** As `Opened`, before the message of a call is read: it may be large, and most of a busy batch may be throttled. */
type Step = Exclude<Opened, OpenedCall> | WithoutMessage<OpenedCall>
type WithoutMessage<One> = One extends OpenedCall ? Omit<One, 'message'> : never

export async function openAll(ctx: Ctx, items: ToOpen[]): Promise<Opened[]> {
  const probes: string[] = []
  try {
    return await transactionAfter(
      ctx.db,
      (tx) => readToOpen(ctx, tx, idsOf(items)),
      (tx, found) => openBatch(ctx, tx, { items, ...found }, probes),
    )
  } catch (error) {
    // Rolled back: these probes will not be made.
    for (const provider of probes) ctx.health.returnProbe(provider)
    throw error
  }
}

const idsOf = (items: ToOpen[]) => items.map(({ notificationId }) => notificationId)

/** Locks the rows first, so that the rest is read as it is while nobody else moves them. */
async function readToOpen(ctx: Ctx, tx: Tx, ids: string[]) {
  const [rows, histories, healths] = await together(
    lockForOpen(tx, ids, ctx.tracing.isOn),
    historiesOf(tx, ids),
    readHealth(tx),
  )
  return { rows, histories, healths }
}

type ToOpenAll = { items: ToOpen[] } & Awaited<ReturnType<typeof readToOpen>>

async function openBatch(
  ctx: Ctx,
  tx: Tx,
  { items, rows, histories, healths }: ToOpenAll,
  probes: string[],
): Promise<Opened[]> {
  ctx.health.see(healths)
  ctx.rates.see(healths)
  const writes = noWrites()
  const steps = items.map((one): Step => {
    const found = rows.get(one.notificationId)
    if (!found) return { kind: 'skipped', why: 'unknown id' }
    const n = { ...found, supersededBy: found.supersedable && supersedingEvent(found.supersedable) }
    const history = histories.get(n.id) ?? []
    // Read for each one: those before it may have taken a permit or a token.
    const decision = decideDelivery(routeStops(ctx.routeOf(n), ctx.health), n, history, one.now)
    if (decision.kind !== 'call') return carryOut(writes, n, decision, one.now)
    const { provider, probe } = decision
    if (!takePermitOrToken(ctx, n, decision, one.token))
      return { kind: 'throttled', provider, probe, channel: n.channel, priority: n.priority, attempted: n.attempted }
    if (probe) probes.push(provider)
    const { limitMs } = providerNamed(ctx, n.channel, provider)
    return openAttempt(writes, n, decision, { number: history.length + 1, limitMs, now: one.now })
  })
  const [, opened] = await together(
    write(tx, ctx.jobs, writes),
    withMessages(tx, idsOf(items), steps),
    // After these, because other processes wait for the rows that this locks.
    ctx.rates.pay(tx),
  )
  return opened
}

async function withMessages(tx: Tx, ids: string[], steps: Step[]): Promise<Opened[]> {
  const called = ids.filter((_, i) => steps[i]?.kind === 'opened' || steps[i]?.kind === 'look-up')
  const messages = await messagesOf(tx, called)
  return steps.map((step, i) => {
    if (step.kind !== 'opened' && step.kind !== 'look-up') return step
    const message = messages.get(ids[i] ?? '')
    if (!message) throw new Error('the notification to send has no message')
    return { ...step, message }
  })
}

type Call = Extract<Decision, { kind: 'call' }>

/** Takes the provider's probe permit, or a token of its rate; false where there is none. */
function takePermitOrToken(ctx: Ctx, n: Sendable, { provider, probe }: Call, token: string | null): boolean {
  if (probe) return ctx.health.takeProbe(provider)
  return provider === token || ctx.rates.take(provider, n)
}

function carryOut(writes: Writes, n: Sendable & Sending, decision: Exclude<Decision, Call>, now: Date): Step {
  if (decision.kind === 'skip') {
    // It came before its time by this process's clock. Without a mark, so that many of one time share a job.
    if (decision.snoozeUntil) writes.newJobs.push({ ...jobOf(n), inSeconds: secondsUntil(decision.snoozeUntil, now) })
    return { kind: 'skipped', why: decision.why }
  }
  giveUp(writes, n, decision, now)
  if (decision.kind === 'move') {
    addMove(writes, n, decision.move, now)
    return { kind: 'moved', state: decision.move.state }
  }
  const dueAt = new Date(now.getTime() + lookUpTimeoutMs)
  addMove(writes, n, { state: 'unconfirmed', reason: reason('settling'), dueAt }, now)
  return { kind: 'look-up', attempt: decision.attempt, sending: n }
}

function openAttempt(
  writes: Writes,
  n: Sendable & Sending,
  decision: Call,
  { number, limitMs, now }: { number: number; limitMs: number; now: Date },
): Step {
  const { provider, probe, round, cause } = decision
  const id = uuidv7({ msecs: now.getTime() })
  const dueAt = new Date(now.getTime() + limitMs + abandonedAfterMs)
  giveUp(writes, n, decision, now)
  writes.openings.push({ notificationId: n.id, id, number, round, provider, cause, startedAt: now })
  // No job: the caller does the work, and if it dies, the sweep finds the row.
  writes.moves.push({ id: n.id, state: 'sending', reason: reason('attempt_open'), dueAt })
  return { kind: 'opened', attempt: { id, number, provider, round, cause, probe, dueAt }, sending: n }
}

function giveUp(writes: Writes, n: Sendable, { givenUp }: Exclude<Decision, { kind: 'skip' }>, now: Date): void {
  if (givenUp) writes.closings.push({ notificationId: n.id, endedAt: now, ...givenUp })
}
