// A person stops what has not been sent: one notification, or all that match a filter. What a worker has opened
// already is the worker's, so each is either cancelled or called, never both.
import type { Ctx } from './ctx.ts'
import { type Acted, findRestartable } from './store/acts.ts'
import { type CancelFilter, cancelSome, countCancellable } from './store/cancellations.ts'

const atOnce = 500

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
  dryRun: boolean
}

/** A part at a time, so that nobody waits long for a row. Fewer cancelled than matched: workers were faster. */
export async function cancelMatching(
  ctx: Ctx,
  filter: Omit<CancelFilter, 'id'>,
  dryRun: boolean,
  by: string,
): Promise<Cancelled> {
  // What is made from here on is not meant, so that a busy notifier does not keep this going.
  const now = ctx.clock.now()
  const meant = { ...filter, madeBy: now }
  const matched = await countCancellable(ctx.db, meant)
  let cancelled = 0
  for (let some = dryRun ? 0 : matched; some > 0; cancelled += some)
    some = await cancelSome(ctx.db, meant, { by, at: now, limit: atOnce })
  ctx.log.info({ stage: 'cancel', by, matched, cancelled, dryRun }, 'cancelled by a filter')
  return { matched, cancelled, dryRun }
}
