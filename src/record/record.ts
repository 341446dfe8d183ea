// Fourth stage: what providers say later. A verified report is kept raw, its receipts settle doubts and say where
// the message is. What came too early, or of a message that we do not know yet, is tried again by the sweep.
import type { Ctx } from '../context.ts'
import type { Receipt } from '../domain/receipt.ts'
import { routeStops } from '../guard/route-stops.ts'
import { moveBy } from '../policy/judge.ts'
import { applyReceipts } from '../store/attempts/apply-receipts.ts'
import { keepReport, takeWaiting } from '../store/attempts/receipts.ts'

export interface VerifiedReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  /** May be used once; null where the scheme has no such thing. */
  once: string | null
}

/** A provider waits for its answer; what is beyond this many notifications is left to the sweep. */
const mostWhileItWaits = 100
const mostAtOnce = 200
const mostRounds = 10
/** How many notifications are worked on at a time. */
const lanes = 4

/** Resolves once it is kept. Answers how many receipts were new; null for a forgery by a token that was used before. */
export async function record(ctx: Ctx, report: VerifiedReport): Promise<number | null> {
  const kept = await keepReport(ctx.db, { ...report, receivedAt: ctx.clock.now() })
  if (kept.kind === 'forged') return null
  await applyAll(ctx, kept.notifications.slice(0, mostWhileItWaits))
  ctx.log.info(
    {
      stage: 'record',
      provider: report.provider,
      receipts: report.receipts.length,
      fresh: kept.fresh,
      notifications: kept.notifications.length,
    },
    'receipts kept',
  )
  return kept.fresh
}

/** Applies receipts that had to wait. Answers how many notifications they were about. */
export async function recordWaiting(ctx: Ctx): Promise<number> {
  let about = 0
  for (let round = 0, more = true; more && round < mostRounds; round++) {
    const { tried, notifications } = await takeWaiting(ctx.db, ctx.clock.now(), mostAtOnce)
    await applyAll(ctx, notifications)
    about += notifications.length
    more = tried === mostAtOnce
  }
  return about
}

async function applyAll(ctx: Ctx, notifications: string[]): Promise<void> {
  const left = notifications[Symbol.iterator]()
  const lane = async () => {
    for (const id of left) await apply(ctx, id)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** What fails here is kept already, and the sweep tries it again: one notification must not hold the others up. */
async function apply(ctx: Ctx, notificationId: string): Promise<void> {
  const now = ctx.clock.now()
  try {
    const state = await applyReceipts(ctx.db, ctx.jobs, {
      notificationId,
      now,
      decide: (notification, history) =>
        moveBy(routeStops(ctx.routes[notification.channel], ctx.health), notification, history, now),
    })
    ctx.log.debug({ stage: 'record', notification: notificationId, state }, 'receipts applied')
  } catch (error) {
    ctx.log.warn({ stage: 'record', notification: notificationId, err: error }, 'receipts were not applied')
  }
}
