// Opens attempts: decides the next step of each notification of a batch, and carries it out in one transaction.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { abandonedAfterMs } from '../domain/attempt.ts'
import type { Sendable } from '../domain/deliverable.ts'
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
import type { LargeStep, Opened, Sending, Step } from './opened.ts'
import { providerNamed } from './provider-named.ts'

/** How long a look-up may take before another worker may start one. */
const lookUpTimeoutMs = 15_000

export interface ToOpen {
  notificationId: string
  now: Date
  /** The provider of whose rate the caller holds a token. */
  token: string | null
  /** Whether the caller has the memory for a large message. */
  mayBeLarge: boolean
}

/** Rolls a batch back that would hold large messages: which are, is known once it is decided which are to be read. */
class LargeMessages extends Error {
  readonly found: Map<string, LargeStep>
  constructor(found: Map<string, LargeStep>) {
    super('large messages')
    this.found = found
  }
}

export async function openAll(ctx: Ctx, items: ToOpen[]): Promise<Opened[]> {
  const probes: string[] = []
  try {
    return await transactionAfter(
      ctx.db,
      (tx) => readToOpen(ctx, tx, idsOf(items)),
      (tx, found) => openBatch(ctx, tx, { items, ...found }, probes),
      // Other processes wait for the rows that this locks.
      (tx) => ctx.rates.pay(tx),
    )
  } catch (error) {
    // Rolled back: these probes will not be made.
    for (const provider of probes) ctx.health.returnProbe(provider)
    if (error instanceof LargeMessages) return openWithout(ctx, items, error.found)
    throw error
  }
}

async function openWithout(ctx: Ctx, items: ToOpen[], large: Map<string, LargeStep>): Promise<Opened[]> {
  const others = items.filter(({ notificationId }) => !large.has(notificationId))
  const opened = others.length > 0 ? await openAll(ctx, others) : []
  let next = 0
  return items.map(({ notificationId }) => large.get(notificationId) ?? (opened[next++] as Opened))
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
  const [, opened] = await together(write(tx, ctx.jobs, writes), withMessages(tx, { items, rows }, steps))
  return opened
}

async function withMessages(
  tx: Tx,
  { items, rows }: Pick<ToOpenAll, 'items' | 'rows'>,
  steps: Step[],
): Promise<Opened[]> {
  const called = items.filter((_, i) => steps[i]?.kind === 'opened' || steps[i]?.kind === 'look-up')
  const atAnySize = called.filter(({ mayBeLarge }) => mayBeLarge)
  const { messages, large } = await messagesOf(tx, idsOf(called), idsOf(atAnySize))
  if (large.size > 0) throw new LargeMessages(largeSteps(rows, large))
  return steps.map((step, i) => {
    if (step.kind !== 'opened' && step.kind !== 'look-up') return step
    const message = messages.get(items[i]?.notificationId ?? '')
    if (!message) throw new Error('the notification to send has no message')
    return { ...step, message }
  })
}

function largeSteps(rows: Map<string, ToSend>, large: Map<string, number>): Map<string, LargeStep> {
  return new Map(
    [...large].flatMap(([id, bytes]) => {
      const n = rows.get(id)
      return n ? [[id, { kind: 'large', bytes, channel: n.channel, priority: n.priority, attempted: n.attempted }]] : []
    }),
  )
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
