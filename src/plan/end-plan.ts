// Ends the plan of an event from which no notifications are made, or no more.
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { isLink } from '../policy/payment-parts.ts'
import { transaction } from '../store/db.ts'
import { planLinked } from '../store/events/payments.ts'
import { endPlan, type PlanEnd } from '../store/events/plans.ts'
import { lockReferences } from '../store/events/superseded.ts'
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
    // Known only once its source was asked; others are seen as they are accepted.
    if (isLink(end.reason)) await ctx.jobs.enqueue(tx, await planLinked(tx, event.references, ctx.clock.now()))
    if (!affectsOthers(followUps)) return
    await lockReferences(tx, event.references)
    await affectOthers(ctx, tx, event, followUps)
  })
}
