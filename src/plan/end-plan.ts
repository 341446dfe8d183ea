// Ends the plan of an event from which no notifications are made, or no more.
import type { Ctx } from '../context.ts'
import { isLink } from '../domain/payment-parts.ts'
import { transaction } from '../store/db.ts'
import { endPlan, type PlanEnd } from '../store/events/plans.ts'
import type { StoredEvent } from '../store/events/stored.ts'
import { lockReferences } from '../store/events/superseded.ts'
import { wakeLinked } from './payment.ts'
import type { FollowUps } from './planned-part.ts'
import { affectOthers, affectsOthers } from './superseding.ts'

/** The event still supersedes others, or withdraws what did, and payments wait for it no longer. */
export async function endWithoutNotifications(
  ctx: Ctx,
  event: StoredEvent,
  end: PlanEnd,
  followUps: FollowUps,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    if (!(await endPlan(tx, event.id, end))) return
    if (isLink(end.reason)) await wakeLinked(ctx, tx, event.references)
    if (!affectsOthers(followUps)) return
    await lockReferences(tx, event.references)
    await affectOthers(ctx, tx, event, followUps)
  })
}
