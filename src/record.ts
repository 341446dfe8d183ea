// Fourth stage: what providers say later. A verified callback is kept raw, its receipts settle doubts and say where
// the message is. What came too early, or of a message that we do not know yet, is tried again by the sweep.
import type { Ctx } from './ctx.ts'
import { moveBy } from './decide.ts'
import type { Receipt } from './receipt.ts'
import { applyReceipts } from './store/apply-receipts.ts'
import { keepCallback, waitingReceipts } from './store/receipts.ts'

export interface VerifiedCallback {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** May be used once; null where the scheme has no such thing. */
  once: string | null
}

/** How old a receipt is when the sweep tries it again. */
const waitsMs = 2000
const atOnce = 200

/** Resolves once it is kept. Answers how many receipts were new; null for a forgery by a token that was used before. */
export async function record(ctx: Ctx, callback: VerifiedCallback): Promise<number | null> {
  const kept = await keepCallback(ctx.db, { ...callback, receivedAt: ctx.clock.now() })
  if (kept.kind === 'forged') return null
  for (const notificationId of kept.notifications) await apply(ctx, notificationId)
  const { provider } = callback
  ctx.log.info({ stage: 'record', provider, receipts: kept.fresh, of: callback.receipts.length }, 'receipts kept')
  return kept.fresh
}

/** Applies receipts that had to wait. Answers how many notifications they were about. */
export async function recordWaiting(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.clock.now().getTime() - waitsMs)
  const waiting = await waitingReceipts(ctx.db, before, atOnce)
  for (const notificationId of waiting) await apply(ctx, notificationId)
  return waiting.length
}

async function apply(ctx: Ctx, notificationId: string): Promise<void> {
  const now = ctx.clock.now()
  const state = await applyReceipts(ctx.db, ctx.jobs, {
    notificationId,
    now,
    decide: (notification, history) => moveBy(ctx, notification, history, now),
  })
  ctx.log.debug({ stage: 'record', notification: notificationId, state }, 'receipts applied')
}
