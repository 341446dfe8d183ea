// Settles an unconfirmed notification by an operator's word that it was sent or was not, as a receipt would.
import type { Ctx } from '../context.ts'
import { routeStops } from '../guard/route-stops.ts'
import { afterSettling } from '../policy/after-settling.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { insertSettlement } from '../store/attempts/settlements.ts'
import { transaction } from '../store/db.ts'
import type { ActionResult } from '../store/notifications/restart.ts'
import { addMove, noWrites, write } from '../store/writes.ts'

/** Settles an `unconfirmed` notification; one that was not sent goes on as the policy decides. `by` names the operator. */
export async function settle(ctx: Ctx, id: string, sent: boolean, by: string): Promise<ActionResult> {
  const at = ctx.clock.now()
  const before = await transaction(ctx.db, async (tx) => {
    const found = await lockWithHistory(tx, id)
    if (found?.notification.state !== 'unconfirmed') return found?.notification.state ?? null
    const { notification: n, history } = found
    const route = routeStops(ctx.routeOf(n), ctx.health)
    const { settled, entry, move } = afterSettling(route, n, history, { sent, by, at })
    for (const attempt of settled)
      await insertSettlement(tx, { attempt, verdict: sent ? 'taken' : 'not_taken', by: 'person', ref: null, at })
    const writes = noWrites()
    writes.entries.push({ notificationId: id, at, entry })
    addMove(writes, n, move, at)
    await write(tx, ctx.jobs, writes)
    return n.state
  })
  if (!before) return { kind: 'unknown' }
  if (before !== 'unconfirmed')
    return { kind: 'refused', detail: `It is ${before}. Only an unconfirmed notification can be settled.` }
  ctx.log.info({ stage: 'settle', notification: id, by, sent }, 'notification settled')
  return { kind: 'done' }
}
