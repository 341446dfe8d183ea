// A receipt that cannot be applied is tried a few times and then given up, so that none can loop.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import { makeRecord, recordWaiting } from '../../src/record/record.ts'
import { beginReceipts } from '../../src/store/attempts/waiting-receipts.ts'
import { transaction } from '../../src/store/db.ts'
import { deliver } from '../helper/deliver.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const hour = 3_600_000
/** A process in which applying receipts fails. */
const unable = (error: Error): Ctx => ({
  ...stage.ctx,
  get routeOf(): Ctx['routeOf'] {
    throw error
  },
})

async function sentEmail(): Promise<{ id: string; attemptId: string }> {
  const id = (await stage.planned(shipped())).ids.email ?? ''
  await deliver(stage.ctx, id)
  const { rows } = await stage.db.query('select id from attempts where notification_id = $1', [id])
  return { id, attemptId: rows[0].id }
}

function receiptOf({ attemptId }: { attemptId: string }, kind: Receipt['kind']) {
  const at = stage.clock.now()
  const about = { address: null, providerMessageId: null, notificationId: null, attemptId }
  const receipts: Receipt[] = [
    { key: `${kind} ${attemptId}`, kind, at, ...about, suppress: null, code: null, text: null },
  ]
  return { provider: 'sandbox', raw: Buffer.from(`${kind} ${attemptId}`), receipts, once: null }
}

async function receiptsOf(id: string) {
  const { rows } = await stage.db.query(
    `select tries, reason_code, try_at is not null as waits, applied_at is not null as applied
     from receipts where notification_id = $1 order by received_at`,
    [id],
  )
  return rows
}

async function recordLater(ctx: Ctx): Promise<void> {
  stage.clock.advance(7 * hour)
  await recordWaiting(ctx)
}

it('a receipt that cannot be applied is given up at the sixth try, with an entry, and later ones are applied', async () => {
  const sent = await sentEmail()
  const broken = unable(new Error('a bug'))
  await makeRecord(broken)(receiptOf(sent, 'undelivered'))
  for (const tries of [1, 2, 3, 4, 5]) {
    await recordLater(broken)
    expect(await receiptsOf(sent.id)).toMatchObject([{ tries, reason_code: null, waits: true }])
  }
  await recordLater(broken)
  expect(await receiptsOf(sent.id)).toMatchObject([{ reason_code: 'recording_failed', waits: false, applied: false }])
  const { rows } = await stage.db.query('select code from timeline_entries where notification_id = $1', [sent.id])
  expect(rows).toContainEqual({ code: 'receipt_given_up' })
  await makeRecord(stage.ctx)(receiptOf(sent, 'delivered'))
  expect((await stage.audit(sent.id)).notification.state).toBe('delivered')
})

it('one that is applied at the fifth try counts, and its tries do not', async () => {
  const sent = await sentEmail()
  await makeRecord(unable(new Error('a bug')))(receiptOf(sent, 'delivered'))
  for (let death = 1; death <= 4; death++) await transaction(stage.db, (tx) => beginReceipts(tx, [sent.id]))
  await recordLater(stage.ctx)
  expect(await receiptsOf(sent.id)).toMatchObject([{ tries: 0, applied: true }])
  expect((await stage.audit(sent.id)).notification.state).toBe('delivered')
})

it('one that waits for an open call, or for the database, is not given up', async () => {
  const sent = await sentEmail()
  const away = Object.assign(new Error('terminating connection'), { code: '57P01' })
  await makeRecord(unable(away))(receiptOf(sent, 'delivered'))
  for (let outage = 1; outage <= 7; outage++) await recordLater(unable(away))
  expect(await receiptsOf(sent.id)).toMatchObject([{ tries: 0, waits: true }])
  const due = stage.clock.now()
  const state = (to: string, dueAt: Date | null) =>
    stage.db.query(`update notification_states set state = $2, reason_code = 'due', due_at = $3 where id = $1`, [
      sent.id,
      to,
      dueAt,
    ])
  await state('sending', due)
  for (let wait = 1; wait <= 7; wait++) await recordLater(stage.ctx)
  expect(await receiptsOf(sent.id)).toMatchObject([{ tries: 0, waits: true }])
  await state('sent', null)
  await recordLater(stage.ctx)
  expect(await receiptsOf(sent.id)).toMatchObject([{ applied: true }])
})
