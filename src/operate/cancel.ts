// A person stops what has not been sent: one notification, or all that match a filter, and with them the timers of such
// events. What a worker has opened already is the worker's, so each is either cancelled or called, never both.
import type { Ctx } from '../context.ts'
import { inBatches } from '../store/batch.ts'
import {
  type CancelFilter,
  cancelSome,
  cancelTimers,
  countCancellable,
  countTimers,
} from '../store/notifications/cancellations.ts'
import { type Acted, findRestartable } from '../store/notifications/restart.ts'

const atOnce = 500
/** What a worker takes meanwhile leaves a batch smaller, so only an empty one is the last. */
const some = 1

/** From `scheduled` and `pending` only. `by` names who asks. */
export async function cancel(ctx: Ctx, id: string, by: string): Promise<Acted> {
  const at = ctx.clock.now()
  const done = await cancelSome(ctx.db, { id }, { by, at, limit: 1 })
  if (done === 0) {
    const n = await findRestartable(ctx.db, id)
    if (!n) return { kind: 'unknown' }
    return { kind: 'refused', detail: `It is ${n.state}. Only what is scheduled or pending can be cancelled.` }
  }
  ctx.log.info({ stage: 'cancel', notification: id, by }, 'cancelled')
  return { kind: 'done' }
}

export interface Cancelled {
  matched: number
  cancelled: number
  /** How many timers were stopped, or in a dry run would be. */
  timers: number
  dryRun: boolean
}

/** A part at a time, so that nobody waits long for a row. Fewer cancelled than matched: workers were faster. */
export async function cancelMatching(
  ctx: Ctx,
  filter: Omit<CancelFilter, 'id' | 'madeBy'>,
  dryRun: boolean,
  by: string,
): Promise<Cancelled> {
  // What is made from here on is not meant, so that a busy notifier does not keep this going.
  const now = ctx.clock.now()
  const meant = { ...filter, madeBy: now }
  const { notifier, ...ofEvents } = meant
  const act = { by, at: now, limit: atOnce }
  const matched = await countCancellable(ctx.db, meant)
  const waiting = notifier === undefined ? await countTimers(ctx.db, ofEvents) : 0
  // The timers first: what one of them made meanwhile would not be meant.
  const stopped = dryRun || waiting === 0 ? 0 : await inBatches(some, () => cancelTimers(ctx.db, ofEvents, act))
  const cancelled = dryRun || matched === 0 ? 0 : await inBatches(some, () => cancelSome(ctx.db, meant, act))
  const timers = dryRun ? waiting : stopped
  ctx.log.info({ stage: 'cancel', by, matched, cancelled, timers, dryRun }, 'cancelled by a filter')
  return { matched, cancelled, timers, dryRun }
}
