// Applies the receipts of one notification together, in one transaction: they settle its attempts and move its state.
import type { Ctx } from '../context.ts'
import type { PastAttempt } from '../domain/attempt.ts'
import type { State } from '../domain/notification.ts'
import { routeStops } from '../guard/route-stops.ts'
import { applyReceipts, type SettledAttempt, settledByReceipts } from '../policy/apply-receipts.ts'
import { markApplied, moveByReceipts, readReceipts } from '../store/attempts/receipts.ts'
import { lockWithHistory } from '../store/attempts/rows.ts'
import { insertSettlement } from '../store/attempts/settlements.ts'
import { addMove, noWrites, write } from '../store/attempts/writes.ts'
import { type Tx, transaction } from '../store/db.ts'
import { saveChoice } from '../store/people/preferences.ts'

/** Answers the state; null, with nothing applied, while a call is open, as its outcome decides first. Idempotent. */
export async function applyReceiptsOf(ctx: Ctx, notificationId: string): Promise<State | null> {
  const now = ctx.clock.now()
  return transaction(ctx.db, async (tx) => {
    const found = await lockWithHistory(tx, notificationId)
    if (!found || found.notification.state === 'sending') return null
    const { notification: n, history: before } = found
    const { receipts, suppressed } = await readReceipts(tx, n)
    const settled = await settleAll(tx, settledByReceipts(before, receipts), now)
    const history = before.map((attempt) => settled.find(({ id }) => id === attempt.id) ?? attempt)
    const route = routeStops(ctx.routeOf(n), ctx.health)
    const applied = applyReceipts(route, n, { history, settled, receipts, suppressed }, now)

    const writes = noWrites()
    writes.suppressions.push(...applied.suppressions)
    for (const entry of applied.entries) writes.entries.push({ notificationId, at: now, entry })
    if (applied.move) addMove(writes, n, applied.move, now)
    if (applied.choice) await saveChoice(tx, n.id, { ...applied.choice, at: now, scopeOf: ctx.scopeOf })
    await write(tx, ctx.jobs, writes)
    if (applied.byReceipts) await moveByReceipts(tx, n, applied.byReceipts)
    await markApplied(tx, applied.matches, now)
    return (applied.byReceipts ?? applied.move ?? n).state
  })
}

/** Answers the settled attempts. Of several attempts with one key, only one is given the provider's message id. */
async function settleAll(tx: Tx, ended: SettledAttempt[], at: Date): Promise<PastAttempt[]> {
  const settled: PastAttempt[] = []
  for (const { attempt, verdict, ref } of ended) {
    const settlement = { attempt, verdict, by: 'receipt', at } as const
    const isNamed = ref !== null && (await insertSettlement(tx, { ...settlement, ref }))
    if (!isNamed) await insertSettlement(tx, { ...settlement, ref: null })
    settled.push({ ...attempt, verdict, ref: isNamed ? ref : attempt.ref })
  }
  return settled
}
