// Cancels notifications that have not been sent, and timers: one notification, or all that match a filter.
import type { Ctx } from '../context.ts'
import { inBatches } from '../store/batch.ts'
import {
  type CancelFilter,
  cancelBatch,
  cancelTimers,
  countCancellable,
  countTimers,
} from '../store/notifications/cancellations.ts'
import { type ActionResult, findRestartable } from '../store/notifications/restart.ts'

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
  dryRun: boolean
}

/** Cancels in batches, so that row locks are short. `cancelled` is less than `matched` where workers took some first. */
export async function cancelMatching(
  ctx: Ctx,
  filter: Omit<CancelFilter, 'id' | 'ids' | 'madeBy'>,
  dryRun: boolean,
  by: string,
): Promise<Cancelled> {
  // Notifications made later are excluded, so that a busy notifier does not keep this running.
  const now = ctx.clock.now()
  const selection = { ...filter, madeBy: now }
  const { notifier, ...ofEvents } = selection
  const act = { by, at: now, limit: batchSize }
  const matched = await countCancellable(ctx.db, selection)
  const waiting = notifier === undefined ? await countTimers(ctx.db, ofEvents) : 0
  // Timers first: notifications that a timer makes from here on are excluded.
  const stopped = dryRun || waiting === 0 ? 0 : await inBatches(some, () => cancelTimers(ctx.db, ofEvents, act))
  const cancelled = dryRun || matched === 0 ? 0 : await inBatches(some, () => cancelBatch(ctx.db, selection, act))
  const timers = dryRun ? waiting : stopped
  ctx.log.info({ stage: 'cancel', by, matched, cancelled, timers, dryRun }, 'notifications cancelled')
  return { matched, cancelled, timers, dryRun }
}
