// The fourth stage: stores verified reports of providers and applies their receipts to notifications.
import type { Ctx } from '../context.ts'
import { linkReceipts, takeWaiting } from '../store/attempts/receipts.ts'
import { transaction } from '../store/db.ts'
import { applyReceiptsOf } from './apply-receipts.ts'
import { saveReport, type VerifiedReport } from './save-report.ts'

/** Notifications applied before the provider is answered; the sweep applies the rest. */
const maxBeforeAnswer = 100
const batchSize = 200
const maxRounds = 10
/** How many notifications are processed concurrently. */
const concurrency = 4

/** Resolves once the report is stored. Answers how many receipts were new; null where its token was used before (a forgery). */
export async function record(ctx: Ctx, report: VerifiedReport): Promise<number | null> {
  const kept = await saveReport(ctx, report)
  if (kept.kind === 'forged') return null
  await applyAll(ctx, kept.notifications.slice(0, maxBeforeAnswer))
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

/** Applies receipts that came too early or matched no notification yet. Answers how many notifications they belong to. */
export async function recordWaiting(ctx: Ctx): Promise<number> {
  let about = 0
  for (let round = 0, more = true; more && round < maxRounds; round++) {
    const { tried, notifications } = await findWaiting(ctx)
    await applyAll(ctx, notifications)
    about += notifications.length
    more = tried === batchSize
  }
  return about
}

/** Takes waiting receipts. Answers how many, and the notifications whose receipts can be applied now. */
async function findWaiting(ctx: Ctx): Promise<{ tried: number; notifications: string[] }> {
  return transaction(ctx.db, async (tx) => {
    const taken = await takeWaiting(tx, ctx.clock.now(), batchSize)
    const unknown = taken.filter((receipt) => receipt.notificationId === null)
    const found = await linkReceipts(
      tx,
      unknown.map(({ id }) => id),
    )
    const known = taken.flatMap(({ notificationId }) => notificationId ?? [])
    return { tried: taken.length, notifications: [...new Set([...known, ...found])] }
  })
}

async function applyAll(ctx: Ctx, notifications: string[]): Promise<void> {
  const left = notifications[Symbol.iterator]()
  const worker = async () => {
    for (const id of left) await apply(ctx, id)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
}

/** Logs a failure instead of throwing: the receipts are stored, the sweep tries again, and other notifications go on. */
async function apply(ctx: Ctx, notificationId: string): Promise<void> {
  try {
    const state = await applyReceiptsOf(ctx, notificationId)
    ctx.log.debug({ stage: 'record', notification: notificationId, state }, 'receipts applied')
  } catch (error) {
    ctx.log.warn({ stage: 'record', notification: notificationId, err: error }, 'applying receipts failed')
  }
}
