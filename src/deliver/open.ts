// Opens attempts: decides the next step of each notification of a batch, and carries it out in one transaction.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { abandonedAfterMs } from '../domain/attempt.ts'
import type { Sendable } from '../domain/deliverable.ts'
import { reason } from '../domain/reason.ts'
import { routeStops } from '../guard/route-stops.ts'
import { type Decision, decideDelivery } from '../policy/decide-delivery.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import { lockForOpen, recentHistoriesOf } from '../store/attempts/rows.ts'
import { type Tx, transactionAfter } from '../store/db.ts'
import { jobOf, secondsUntil } from '../store/jobs/wake.ts'
import { readHealth } from '../store/providers/health.ts'
import { together } from '../store/together.ts'
import { addMove, noWrites, type Writes, write } from '../store/writes.ts'
import { calledOf, type Decided, LargeMessages, readMessages, type ToOpen, withMessages } from './messages-to-send.ts'
import type { LargeStep, Opened, Sending, Step } from './opened.ts'
import { providerNamed } from './provider-named.ts'

/** How long a look-up may take before another worker may start one. */
const lookUpTimeoutMs = 15_000

/**
 * `readsAhead`: reads the messages before it is decided which are to be sent. That spares a wait where all are, and is wasted on
 * those that are not.
 */
export async function openAll(ctx: Ctx, items: ToOpen[], readsAhead: boolean): Promise<Opened[]> {
  const probes: string[] = []
  let writesLast = noWrites()
  try {
    return await transactionAfter(
      ctx.db,
      (tx) => readToOpen(ctx, tx, items, readsAhead),
      async (tx, found) => {
        const { steps, writes } = decide(ctx, { items, ...found }, probes)
        const { rows, messages } = found
        if (!messages) return openAndRead(ctx, tx, { items, rows, steps, writes })
        const opened = withMessages({ items, rows, steps }, messages)
        // Jobs are not sent at once, as a COMMIT needs.
        if (writes.newJobs.length > 0) await write(tx, ctx.jobs, writes)
        else writesLast = writes
        return opened
      },
      // Other processes wait for the providers' rows, which are locked last.
      (tx) => together(write(tx, ctx.jobs, writesLast), ctx.rates.pay(tx)),
    )
  } catch (error) {
    // Rolled back: these probes will not be made.
    for (const provider of probes) ctx.health.returnProbe(provider)
    if (error instanceof LargeMessages) return openWithout(ctx, items, error.found, readsAhead)
    throw error
  }
}

async function openWithout(
  ctx: Ctx,
  items: ToOpen[],
  large: Map<string, LargeStep>,
  readsAhead: boolean,
): Promise<Opened[]> {
  const others = items.filter(({ notificationId }) => !large.has(notificationId))
  const opened = others.length > 0 ? await openAll(ctx, others, readsAhead) : []
  let next = 0
  return items.map(({ notificationId }) => large.get(notificationId) ?? (opened[next++] as Opened))
}

/** Locks the rows first, so that the rest is read as it is while nobody else moves them. */
async function readToOpen(ctx: Ctx, tx: Tx, items: ToOpen[], readsAhead: boolean) {
  const ids = items.map(({ notificationId }) => notificationId)
  const [rows, histories, healths, messages] = await together(
    lockForOpen(tx, ids, ctx.tracing.isOn),
    recentHistoriesOf(
      tx,
      ids.map((id) => ({ id, number: null })),
    ),
    readHealth(tx),
    readsAhead ? readMessages(tx, items) : Promise.resolve(null),
  )
  return { rows, histories, healths, messages }
}

type ToOpenAll = { items: ToOpen[] } & Omit<Awaited<ReturnType<typeof readToOpen>>, 'messages'>

function decide(ctx: Ctx, { items, rows, histories, healths }: ToOpenAll, probes: string[]) {
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
    const number = (history.at(-1)?.number ?? n.restartedAfter) + 1
    return openAttempt(writes, n, decision, { number, limitMs, now: one.now })
  })
  return { steps, writes }
}

async function openAndRead(ctx: Ctx, tx: Tx, { writes, ...decided }: Decided & { writes: Writes }): Promise<Opened[]> {
  const [, messages] = await together(write(tx, ctx.jobs, writes), readMessages(tx, calledOf(decided)))
  return withMessages(decided, messages)
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
