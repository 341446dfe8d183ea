// Settles unconfirmed notifications, one or all that match a filter, by an operator's word that it was sent or was not, as a
// receipt would.
import type { Ctx } from '../context.ts'
import { routeStops } from '../guard/route-stops.ts'
import { afterSettling } from '../policy/after-settling.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { insertSettlement } from '../store/attempts/settlements.ts'
import { transaction } from '../store/db.ts'
import type { ActionResult } from '../store/notifications/restart.ts'
import { countUnconfirmed, nextUnconfirmed, type SettleFilter } from '../store/notifications/unconfirmed.ts'
import { addMove, noWrites, write } from '../store/writes.ts'

const batchSize = 100

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

export interface Settled {
  matched: number
  settled: number
  dryRun: boolean
}

interface Settling {
  /** The operator's word: the messages were sent, or none of them was. */
  sent: boolean
  dryRun: boolean
  by: string
  /** When the operator looked; null where they do not say. */
  asOf: Date | null
}

/** Settles each by itself. `settled` is less than `matched` where receipts settled some first. */
export async function settleMatching(
  ctx: Ctx,
  filter: Omit<SettleFilter, 'madeBy' | 'doubtedAt'>,
  { sent, dryRun, by, asOf }: Settling,
): Promise<Settled> {
  // Notifications made later are excluded, as nobody has said anything about them; so is what came into doubt after `asOf`.
  const selection = { ...filter, madeBy: ctx.clock.now(), ...(asOf && { doubtedAt: asOf }) }
  const matched = await countUnconfirmed(ctx.db, selection)
  let settled = 0
  let ids = dryRun ? [] : await nextUnconfirmed(ctx.db, selection, null, batchSize)
  while (ids.length > 0) {
    for (const id of ids) if ((await settle(ctx, id, sent, by)).kind === 'done') settled += 1
    ids = await nextUnconfirmed(ctx.db, selection, ids.at(-1) ?? null, batchSize)
  }
  ctx.log.info({ stage: 'settle', by, sent, matched, settled, dryRun }, 'notifications settled')
  return { matched, settled, dryRun }
}
