// A person ends a doubt: it was sent, or it was not. Not sent, the policy says what follows, as if a receipt had said so.
import type { Ctx } from '../context.ts'
import { routeStops } from '../guard/route-stops.ts'
import { afterSettling } from '../policy/after-settling.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { insertSettlement } from '../store/attempts/settlements.ts'
import { addMove, noWrites, write } from '../store/attempts/writes.ts'
import { transaction } from '../store/db.ts'
import type { Acted } from '../store/notifications/restart.ts'

/** From `unconfirmed` only. `by` names who says so. */
export async function settle(ctx: Ctx, id: string, sent: boolean, by: string): Promise<Acted> {
  const at = ctx.clock.now()
  const before = await transaction(ctx.db, async (tx) => {
    const found = await lockWithHistory(tx, id)
    if (found?.notification.state !== 'unconfirmed') return found?.notification.state ?? null
    const { notification: n, history } = found
    const route = routeStops(ctx.routes[n.channel], ctx.health)
    const { settled, entry, move } = afterSettling(route, n, history, { sent, by, at })
    for (const attempt of settled)
      await insertSettlement(tx, { attempt, verdict: sent ? 'taken' : 'not_taken', by: 'person', ref: null, at })
    const writes = noWrites()
    writes.entries.push({ notificationId: id, at, ...entry })
    addMove(writes, n, move, at)
    await write(tx, ctx.jobs, writes)
    return n.state
  })
  if (!before) return { kind: 'unknown' }
  if (before !== 'unconfirmed')
    return { kind: 'refused', detail: `It is ${before}. Only what is unconfirmed can be settled.` }
  ctx.log.info({ stage: 'settle', notification: id, by, sent }, 'settled by a person')
  return { kind: 'done' }
}
