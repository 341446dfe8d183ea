// The fourth stage: stores verified reports of providers and applies their receipts to notifications.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import type { Receipt } from '../domain/receipt.ts'
import { entry } from '../domain/timeline.ts'
import { maxTries, type TriedBefore, tryOrGiveUp } from '../guard/tries.ts'
import { receiptStep } from '../observe/steps.ts'
import { linkReceipts } from '../store/attempts/receipts.ts'
import {
  beginReceipts,
  endReceipts,
  giveUpReceipts,
  takeWaiting,
  uncountReceipts,
} from '../store/attempts/waiting-receipts.ts'
import { transaction } from '../store/db.ts'
import { noWrites, write } from '../store/writes.ts'
import { type ApplyReceipts, makeApplyReceipts } from './apply-receipts.ts'
import { makeSaveReport, type SaveReport, type VerifiedReport } from './save-report.ts'

/** Notifications applied before the provider is answered; the sweep applies the rest. */
const maxBeforeAnswer = 100
/** After this long, thousands of receipts of one notification are left to the sweep, too. */
const beforeAnswerMs = 2000
/** And then to the next sweep. */
const sweepMs = 60_000
const batchSize = 200
const maxRounds = 10

/** Stores reports and applies receipts. */
interface RecordSteps {
  save: SaveReport
  apply: ApplyReceipts
}

/** Answers how many receipts of a report were new; null where its token was used before (a forgery). */
export type RecordReport = (report: ReportRead) => Promise<number | null>

/** A verified report whose receipts are yet to be taken from their reader. */
type ReportRead = Omit<VerifiedReport, 'receipts'> & { receipts: Iterable<Receipt> }

/** Reports that arrive together share transactions; each is answered once it is stored. */
export function makeRecord(ctx: Ctx): RecordReport {
  const steps = { save: makeSaveReport(ctx), apply: makeApplyReceipts(ctx) }
  return (report) => record(ctx, report, steps)
}

async function record(ctx: Ctx, report: ReportRead, { save, apply }: RecordSteps): Promise<number | null> {
  const startedAt = ctx.clock.now()
  const receipts = await takeInTurns(report.receipts)
  const saved = await save({ ...report, receipts })
  if (saved.kind === 'forged') return null
  const first = saved.notifications.slice(0, maxBeforeAnswer)
  await Promise.all(
    first.map((id) => applyLogged(ctx, apply, id, beforeAnswerMs).catch((error) => logFailure(ctx, id, error))),
  )
  ctx.metrics.receipts(report.provider, saved.fresh)
  ctx.log.info(
    {
      stage: 'record',
      provider: report.provider,
      receipts: receipts.length,
      fresh: saved.fresh,
      notifications: saved.notifications.length,
      ms: ctx.clock.now().getTime() - startedAt.getTime(),
    },
    'receipts stored',
  )
  return saved.fresh
}

async function takeInTurns(receipts: Iterable<Receipt>): Promise<Receipt[]> {
  const yieldTurn = eventLoopYielder()
  const taken: Receipt[] = []
  for (const receipt of receipts) {
    taken.push(receipt)
    await yieldTurn()
  }
  return taken
}

/** Applies receipts that came too early or matched no notification yet. Answers how many notifications they belong to. */
export async function recordWaiting(ctx: Ctx): Promise<number> {
  const first = await recordBatches(ctx, 'untried', batchSize)
  // One by one: should applying them end the process, only the tries of this notification's receipts are counted.
  return first + (await recordBatches(ctx, 'tried', 1))
}

async function recordBatches(ctx: Ctx, which: TriedBefore, size: number): Promise<number> {
  let about = 0
  for (let round = 0, more = true; more && round < maxRounds; round++) {
    const { taken, tries } = await takeBatch(ctx, which, size)
    await tryAgain(ctx, tries)
    about += tries.size
    more = taken === size
  }
  return about
}

/**
 * Takes waiting receipts, counts a try for those whose notification is known, and answers how many tries in a row each
 * notification has had, this one included.
 */
async function takeBatch(
  ctx: Ctx,
  which: TriedBefore,
  size: number,
): Promise<{ taken: number; tries: Map<string, number> }> {
  return transaction(ctx.db, async (tx) => {
    const taken = await takeWaiting(tx, ctx.clock.now(), which, size)
    const unknown = taken.filter((receipt) => receipt.notificationId === null)
    const found = await linkReceipts(
      tx,
      unknown.map(({ id }) => id),
    )
    const known = taken.flatMap(({ notificationId }) => notificationId ?? [])
    const notifications = [...new Set([...known, ...found])]
    const started = await beginReceipts(tx, notifications)
    return { taken: taken.length, tries: new Map(notifications.map((id) => [id, started.get(id) ?? 1])) }
  })
}

async function tryAgain(ctx: Ctx, tries: Map<string, number>): Promise<void> {
  const apply = makeApplyReceipts(ctx)
  const ended = await Promise.all(
    [...tries].map(async ([id, count]) => {
      try {
        await tryOrGiveUp({
          tries: count,
          work: () => applyLogged(ctx, apply, id, sweepMs),
          uncount: () => uncountReceipts(ctx.db, id),
          giveUp: () => giveUp(ctx, id),
        })
        return [id]
      } catch (error) {
        logFailure(ctx, id, error)
        return []
      }
    }),
  )
  await endReceipts(ctx.db, ended.flat())
}

async function applyLogged(ctx: Ctx, apply: ApplyReceipts, notificationId: string, mostMs: number): Promise<void> {
  const startedAt = ctx.clock.now()
  const msSince = () => ctx.clock.now().getTime() - startedAt.getTime()
  let applied = await apply(notificationId)
  while (applied === 'again' && msSince() < mostMs) applied = await apply(notificationId)
  const endedAt = ctx.clock.now()
  const fields = { stage: 'record', notification: notificationId, ms: msSince() }
  if (applied === 'again') return ctx.log.info(fields, 'too many receipts to apply at once')
  if (!applied) return ctx.log.info({ ...fields, state: null }, 'receipts wait for the end of a call')
  const { eventId: event, traceparent, ...result } = applied
  const ended = { ...fields, event, ...result }
  ctx.log.info(ended, 'receipts applied')
  ctx.tracing.step(traceparent, receiptStep(startedAt)).end(ended, endedAt)
}

/** The receipts are stored, the sweep tries again, and other notifications go on. */
function logFailure(ctx: Ctx, notificationId: string, error: unknown): void {
  ctx.log.warn({ stage: 'record', notification: notificationId, err: error }, 'applying receipts failed')
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
