// Cancels what a part of a plan has made, if a person cancelled it before it was made.
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { Tx } from '../store/db.ts'
import { endCancellations, type PlanCancellations } from '../store/events/plans.ts'
import { cancelBatch, cancelTimers } from '../store/notifications/cancellations.ts'
import type { PlannedPart } from './planned-part.ts'

/** Sends the statements at once, after those that store the part and in its transaction. Workers see nothing of it before. */
export function cancelPart(
  ctx: Ctx,
  tx: Tx,
  { event, part }: { event: StoredEvent; part: PlannedPart },
  all: PlanCancellations,
): Promise<unknown>[] {
  const cancellations = all.get(event.id) ?? []
  if (cancellations.length === 0) return []
  const at = ctx.clock.now()
  const batches = cancellations.map((one) => {
    const meant = part.notifications.filter(({ notifier }) => one.notifier === null || one.notifier === notifier)
    const ids = meant.map(({ id }) => id)
    return cancelBatch(tx, { ids }, { by: one.by, at, limit: ids.length })
  })
  if (!part.isLast) return batches
  const ofAll = cancellations.find(({ notifier }) => notifier === null)
  const timers = ofAll ? [cancelTimers(tx, { eventId: event.id }, { by: ofAll.by, at, limit: 1_000 })] : []
  return [...batches, ...timers, endCancellations(tx, [event.id])]
}
