// A person ends a doubt: it was sent, or it was not. Not sent, the policy says what follows, as if a receipt had said so.
import type { Ctx } from '../context.ts'
import { routeStops } from '../guard/route-stops.ts'
import { moveBy } from '../policy/judge.ts'
import { type Acted, settleByPerson } from '../store/notifications/restart.ts'

/** From `unconfirmed` only. `by` names who says so. */
export async function settle(ctx: Ctx, id: string, sent: boolean, by: string): Promise<Acted> {
  const now = ctx.clock.now()
  const before = await settleByPerson(ctx.db, ctx.jobs, {
    notificationId: id,
    sent,
    by,
    now,
    decide: (notification, history) =>
      moveBy(routeStops(ctx.routes[notification.channel], ctx.health), notification, history, now),
  })
  if (!before) return { kind: 'unknown' }
  if (before !== 'unconfirmed')
    return { kind: 'refused', detail: `It is ${before}. Only what is unconfirmed can be settled.` }
  ctx.log.info({ stage: 'settle', notification: id, by, sent }, 'settled by a person')
  return { kind: 'done' }
}
