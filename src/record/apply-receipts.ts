// Applies the receipts of notifications together, in one transaction: they settle their attempts and move their states.
import type { Ctx } from '../context.ts'
import type { PastAttempt } from '../domain/attempt.ts'
import type { Deliverable } from '../domain/deliverable.ts'
import type { Channel, State } from '../domain/notification.ts'
import type { StoredReceipt } from '../domain/receipt.ts'
import { routeStops } from '../guard/route-stops.ts'
import {
  type Applied,
  applyReceipts,
  canContinue,
  type ReceiptMove,
  type SettledAttempt,
  settledByReceipts,
} from '../policy/apply-receipts.ts'
import { marksOf, outweighedOf, type ReceiptMark } from '../policy/receipts-that-count.ts'
import { markApplied, moveByReceipts } from '../store/attempts/applied-receipts.ts'
import { suppressionsOf } from '../store/attempts/receipts.ts'
import { historiesOf, lock } from '../store/attempts/rows.ts'
import { insertSettlement } from '../store/attempts/settlements.ts'
import { batcher } from '../store/batch.ts'
import { isDatabaseAway, type Tx, transaction } from '../store/db.ts'
import { tracesOf } from '../store/events/traces.ts'
import { saveChoice } from '../store/people/preferences.ts'
import { addMove, noWrites, type Writes, write } from '../store/writes.ts'
import { nothingRead, receiptsToApply } from './read-receipts.ts'

/** What a notification has come to then, by whose receipt, and its trace. */
export interface AppliedReceipts {
  eventId: string
  channel: Channel
  /** Of the receipt that arrived last; null where none was new. */
  provider: string | null
  state: State
  traceparent: string | null
}

/**
 * Answers null, with nothing applied, while a call is open, as its outcome decides first. Of thousands of receipts a step marks
 * some that do not count, and is to be repeated while it answers `again`. Idempotent.
 */
export type ApplyReceipts = (notificationId: string) => Promise<AppliedReceipts | 'again' | null>

/** Notifications whose receipts are applied at the same time share a transaction. */
export function makeApplyReceipts(ctx: Ctx): ApplyReceipts {
  return batcher((ids: string[]) => transaction(ctx.db, (tx) => applyAll(ctx, tx, ids)), {
    maxItems: 100,
    keyOf: (id) => id,
    isShared: isDatabaseAway,
  })
}

interface Read {
  history: PastAttempt[]
  receipts: StoredReceipt[]
  suppressed: string | null
  now: Date
}

async function applyAll(ctx: Ctx, tx: Tx, ids: string[]): Promise<(AppliedReceipts | 'again' | null)[]> {
  const now = ctx.clock.now()
  const locked = [...(await lock(tx, ids)).values()].filter(({ state }) => state !== 'sending')
  const idsOf = (notifications: Deliverable[]) => notifications.map(({ id }) => id)
  const histories = await historiesOf(tx, idsOf(locked))
  const receipts = await receiptsToApply(tx, histories)
  const suppressed = await suppressionsOf(tx, idsOf(locked.filter(canContinue)))

  const writes = noWrites()
  const moves: { notification: Deliverable; to: ReceiptMove }[] = []
  const marks: ReceiptMark[] = []
  const results = new Map<string, Omit<AppliedReceipts, 'traceparent'>>()
  const again = new Set<string>()
  for (const notification of locked) {
    const { id } = notification
    const { counting, read, isPart } = receipts.get(id) ?? nothingRead()
    if (isPart) {
      // Its state would be that of these alone.
      for (const mark of outweighedOf(read, counting, histories.get(id) ?? [])) marks.push(mark)
      again.add(id)
      continue
    }
    const { applied, history } = await settleAndApply(ctx, tx, notification, {
      history: histories.get(id) ?? [],
      receipts: counting,
      suppressed: suppressed.get(id) ?? null,
      now,
    })
    addApplied(writes, notification, applied, now)
    if (applied.byReceipts) moves.push({ notification, to: applied.byReceipts })
    for (const mark of marksOf(read, counting, history)) marks.push(mark)
    const { state } = applied.byReceipts ?? applied.move ?? notification
    const provider = read.findLast(({ isApplied }) => !isApplied)?.subject.provider ?? null
    results.set(id, { eventId: notification.eventId, channel: notification.channel, provider, state })
  }
  await write(tx, ctx.jobs, writes)
  await moveByReceipts(tx, moves)
  await markApplied(tx, marks, now)
  const traces = ctx.tracing.isOn ? await tracesOf(tx, [...results.keys()]) : null
  return ids.map((id) => {
    if (again.has(id)) return 'again'
    const result = results.get(id)
    return result ? { ...result, traceparent: traces?.get(id) ?? null } : null
  })
}

/** Answers the attempts as they now stand, too. */
async function settleAndApply(
  ctx: Ctx,
  tx: Tx,
  n: Deliverable,
  { history: before, receipts, suppressed, now }: Read,
): Promise<{ applied: Applied; history: PastAttempt[] }> {
  const settled = await settleAll(tx, settledByReceipts(before, receipts), now)
  const history = before.map((attempt) => settled.find(({ id }) => id === attempt.id) ?? attempt)
  const route = routeStops(ctx.routeOf(n), ctx.health)
  const applied = applyReceipts(route, n, { history, settled, receipts, suppressed }, now)
  if (applied.choice) await saveChoice(tx, n.id, { ...applied.choice, at: now, scopeOf: ctx.scopeOf })
  return { applied, history }
}

function addApplied(writes: Writes, n: Deliverable, { suppressions, entries, move }: Applied, at: Date): void {
  writes.suppressions.push(...suppressions)
  for (const entry of entries) writes.entries.push({ notificationId: n.id, at, entry })
  if (move) addMove(writes, n, move, at)
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
