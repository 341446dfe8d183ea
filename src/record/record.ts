// The fourth stage: stores verified reports of providers and applies their receipts to notifications.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import { linkReceipts } from '../store/attempts/receipts.ts'
import {
  beginReceipts,
  endReceipts,
  giveUpReceipts,
  takeWaiting,
  uncountReceipts,
} from '../store/attempts/waiting-receipts.ts'
import { noWrites, write } from '../store/attempts/writes.ts'
import { isDatabaseAway, transaction } from '../store/db.ts'
import { type ApplyReceipts, makeApplyReceipts } from './apply-receipts.ts'
import { makeSaveReport, type SaveReport, type VerifiedReport } from './save-report.ts'

/** Notifications applied before the provider is answered; the sweep applies the rest. */
const maxBeforeAnswer = 100
const batchSize = 200
const maxRounds = 10
const maxTries = 5

/** Stores reports and applies receipts. */
interface RecordSteps {
  save: SaveReport
  apply: ApplyReceipts
}

/** Answers how many receipts of a report were new; null where its token was used before (a forgery). */
export type RecordReport = (report: VerifiedReport) => Promise<number | null>

/** Reports that arrive together share transactions; each is answered once it is stored. */
export function makeRecord(ctx: Ctx): RecordReport {
  const steps = { save: makeSaveReport(ctx), apply: makeApplyReceipts(ctx) }
  return (report) => record(ctx, report, steps)
}

async function record(ctx: Ctx, report: VerifiedReport, { save, apply }: RecordSteps): Promise<number | null> {
  const saved = await save(report)
  if (saved.kind === 'forged') return null
  await Promise.all(saved.notifications.slice(0, maxBeforeAnswer).map((id) => applyLogged(ctx, apply, id)))
  ctx.log.info(
    {
      stage: 'record',
      provider: report.provider,
      receipts: report.receipts.length,
      fresh: saved.fresh,
      notifications: saved.notifications.length,
    },
    'receipts stored',
  )
  return saved.fresh
}

/** Applies receipts that came too early or matched no notification yet. Answers how many notifications they belong to. */
export async function recordWaiting(ctx: Ctx): Promise<number> {
  const first = await recordBatches(ctx, 'untried', batchSize)
  // One by one: should applying them end the process, only the tries of this notification's receipts are counted.
  return first + (await recordBatches(ctx, 'tried', 1))
}

async function recordBatches(ctx: Ctx, which: 'untried' | 'tried', size: number): Promise<number> {
  let about = 0
  for (let round = 0, more = true; more && round < maxRounds; round++) {
    const { taken, notifications, givenUp } = await takeBatch(ctx, which, size)
    for (const id of givenUp) await giveUp(ctx, id)
    await tryAgain(
      ctx,
      notifications.filter((id) => !givenUp.has(id)),
    )
    about += notifications.length
    more = taken === size
  }
  return about
}

/** Takes waiting receipts, and counts a try for those whose notification is known before they are applied. */
async function takeBatch(
  ctx: Ctx,
  which: 'untried' | 'tried',
  size: number,
): Promise<{ taken: number; notifications: string[]; givenUp: Set<string> }> {
  return transaction(ctx.db, async (tx) => {
    const taken = await takeWaiting(tx, ctx.clock.now(), which, size)
    const unknown = taken.filter((receipt) => receipt.notificationId === null)
    const found = await linkReceipts(
      tx,
      unknown.map(({ id }) => id),
    )
    const known = taken.flatMap(({ notificationId }) => notificationId ?? [])
    const notifications = [...new Set([...known, ...found])]
    return { taken: taken.length, notifications, givenUp: await beginReceipts(tx, notifications, maxTries) }
  })
}

async function tryAgain(ctx: Ctx, notifications: string[]): Promise<void> {
  const apply = makeApplyReceipts(ctx)
  const errors = await Promise.all(notifications.map((id) => applyLogged(ctx, apply, id)))
  const idsWhere = (is: (error: unknown) => boolean) => notifications.filter((_, i) => is(errors[i]))
  await endReceipts(
    ctx.db,
    idsWhere((error) => error === null),
  )
  // If the database cannot store this either, the tries count.
  const unlucky = idsWhere((error) => error !== null && isDatabaseAway(error))
  if (unlucky.length > 0) await uncountReceipts(ctx.db, unlucky).catch(() => {})
}

/** Answers a failure, which it logs: the receipts are stored, the sweep tries again, and other notifications go on. */
async function applyLogged(ctx: Ctx, apply: ApplyReceipts, notificationId: string): Promise<unknown> {
  try {
    const state = await apply(notificationId)
    ctx.log.debug({ stage: 'record', notification: notificationId, state }, 'receipts applied')
    return null
  } catch (error) {
    ctx.log.warn({ stage: 'record', notification: notificationId, err: error }, 'applying receipts failed')
    return error
  }
}

async function giveUp(ctx: Ctx, notificationId: string): Promise<void> {
  const at = ctx.clock.now()
  const why = reason('recording_failed')
  const receipts = await transaction(ctx.db, async (tx) => {
    const count = await giveUpReceipts(tx, notificationId, why.code)
    const entries = [{ notificationId, at, entry: entry('receipt_given_up', { reason: why }) }]
    await write(tx, ctx.jobs, { ...noWrites(), entries: count > 0 ? entries : [] })
    return count
  })
  const fields = { stage: 'record', notification: notificationId, receipts, tries: maxTries, reason: why.code }
  ctx.log.error(fields, 'receipts given up')
}
