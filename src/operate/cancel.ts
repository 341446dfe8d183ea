// Cancels notifications that have not been sent, timers, and what is yet to be planned: one notification, or all that match a
// filter.
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { maxTries } from '../guard/tries.ts'
import { notifiers } from '../notifiers/index.ts'
import { inBatches } from '../store/batch.ts'
import { statusChangeNotifier } from '../store/notifications/callback-outbox.ts'
import {
  type CancellationRun,
  insertCancellation,
  removeCancellation,
  renewCancellation,
  takeCancellation,
} from '../store/notifications/cancellation-runs.ts'
import { cancelBatch, cancelTimers, countCancellable, countTimers } from '../store/notifications/cancellations.ts'
import { cancelPlans, countPlans } from '../store/notifications/cancelled-plans.ts'
import { type ActionResult, findRestartable } from '../store/notifications/restart.ts'

/** A cancellation that has done no batch for this long is continued by another process. */
const continuedAfterMs = 60_000
const batchSize = 500
/** Workers may take rows of a batch concurrently, so that a smaller batch is not yet the last: only an empty one is. */
const some = 1

/** Cancels a `scheduled` or `pending` notification: it is either cancelled or sent, never both. `by` names the operator. */
export async function cancel(ctx: Ctx, id: string, by: string): Promise<ActionResult> {
  const at = ctx.clock.now()
  const done = await cancelBatch(ctx.db, { id }, { by, at, limit: 1 })
  if (done === 0) {
    const n = await findRestartable(ctx.db, id)
    if (!n) return { kind: 'unknown' }
    return { kind: 'refused', detail: `It is ${n.state}. Only a scheduled or pending notification can be cancelled.` }
  }
  ctx.log.info({ stage: 'cancel', notification: id, by }, 'notification cancelled')
  return { kind: 'done' }
}

export interface Cancelled {
  matched: number
  cancelled: number
  /** How many timers were cancelled, or would be in a dry run. */
  timers: number
  /** How many events have not been planned to their end: what they have yet to make is cancelled as it is made. */
  planning: number
  dryRun: boolean
}

type Filter = CancellationRun['filter']

/**
 * Cancels what was made, and what is yet to be made, of events that were accepted before. `cancelled` is less than `matched`
 * where workers took some first. It is stored before it begins, so that it is continued, by any process, if this one ends.
 */
export async function cancelMatching(ctx: Ctx, filter: Filter, dryRun: boolean, by: string): Promise<Cancelled> {
  const acceptedBy = ctx.clock.now()
  const run = { id: uuidv7({ msecs: acceptedBy.getTime() }), filter, acceptedBy, by }
  if (!dryRun) await insertCancellation(ctx.db, run, after(acceptedBy))
  return runCancellation(ctx, run, dryRun, () => false)
}

/** Continues cancellations whose process has ended, and answers how many. Once it is stopped, it leaves the rest to others. */
export function continueCancellations(ctx: Ctx, isStopped = () => false): Promise<number> {
  return inBatches(some, async () => {
    const now = ctx.clock.now()
    const run = isStopped() ? null : await takeCancellation(ctx.db, now, after(now))
    if (!run) return 0
    const { id, filter, by, tries } = run
    if (tries > maxTries) {
      const fields = { stage: 'cancel', alert: true, cancellation: id, ...filter, by, tries: maxTries }
      ctx.log.error(fields, 'cancellation given up')
      await removeCancellation(ctx.db, id)
    } else await runCancellation(ctx, run, false, isStopped)
    return 1
  })
}

function after(now: Date): Date {
  return new Date(now.getTime() + continuedAfterMs)
}

/** In batches, so that row locks are short. Idempotent, also when called concurrently. */
async function runCancellation(
  ctx: Ctx,
  { id, filter, acceptedBy, by }: CancellationRun,
  dryRun: boolean,
  isStopped: () => boolean,
): Promise<Cancelled> {
  const { notifier, ...ofEvents } = { ...filter, acceptedBy }
  const repeated: Repeated = async (batch) => {
    if (isStopped()) return 0
    const done = await batch()
    if (done > 0) await renewCancellation(ctx.db, id, after(ctx.clock.now()))
    return done
  }
  // Plans first: what they store from here on is cancelled, and what they have stored is found below.
  const stop = dryRun ? null : { by, repeated }
  const planning = await stopPlans(ctx, { ...filter, acceptedBy }, stop)
  const at = ctx.clock.now()
  const act = { by, at, limit: batchSize }
  // Events of before make status callbacks for as long as they are delivered, and nothing else for long.
  const selection = { ...filter, acceptedBy, ...(notifier === statusChangeNotifier && { madeBy: acceptedBy }) }
  const matched = await countCancellable(ctx.db, selection)
  const waiting = notifier === undefined ? await countTimers(ctx.db, ofEvents) : 0
  const isStopping = !dryRun && waiting > 0
  const stopped = isStopping ? await inBatches(some, () => repeated(() => cancelTimers(ctx.db, ofEvents, act))) : 0
  const isCancelling = () => !dryRun && !isStopped()
  let cancelled = 0
  // A batch of which workers took all is not yet the last: a digest that took its parts is itself found then.
  if (matched > 0 && isCancelling())
    do cancelled += await inBatches(some, () => repeated(() => cancelBatch(ctx.db, selection, act)))
    while (isCancelling() && (await countCancellable(ctx.db, selection)) > 0)
  if (isCancelling()) await removeCancellation(ctx.db, id)
  const timers = dryRun ? waiting : stopped
  ctx.log.info({ stage: 'cancel', by, matched, cancelled, timers, planning, dryRun }, 'notifications cancelled')
  return { matched, cancelled, timers, planning, dryRun }
}

/** Runs a batch, unless the process stops, and answers how much it has done: none at the end. */
type Repeated = (batch: () => Promise<number>) => Promise<number>

/** Cancels what events have yet to make, and answers how many those are. Without `stop` it only counts them. */
async function stopPlans(
  ctx: Ctx,
  { since, notifier, ...ofEvents }: Filter & { acceptedBy: Date },
  stop: { by: string; repeated: Repeated } | null,
): Promise<number> {
  // What is made from now on was not made before `until`, unless its event was, and counts as of now for `since`.
  if (since && since > ofEvents.acceptedBy) return 0
  const filter = { ...ofEvents, types: typesOf(notifier) }
  const planning = await countPlans(ctx.db, filter)
  if (planning === 0 || !stop) return planning
  const { by, repeated } = stop
  const cancellation = { by, notifier: notifier ?? null }
  await inBatches(some, () =>
    repeated(async () => {
      const { found, marked } = await cancelPlans(ctx.db, filter, cancellation, false)
      // All are locked: by planners, whose turns are short.
      if (found > 0 && marked === 0) await cancelPlans(ctx.db, filter, cancellation, true)
      return found
    }),
  )
  return planning
}

function typesOf(notifier: string | undefined): readonly string[] | undefined {
  return notifier === undefined ? undefined : (notifiers.find(({ name }) => name === notifier)?.on ?? [])
}
