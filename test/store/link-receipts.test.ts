// Linking receipts locks notifications in the order of a delivery, so that the two cannot deadlock.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertReceipts, linkReceipts, type NewReceipt } from '../../src/store/attempts/receipts.ts'
import { insertReports } from '../../src/store/attempts/reports.ts'
import { lock } from '../../src/store/attempts/rows.ts'
import { transaction } from '../../src/store/db.ts'
import { noWrites, write } from '../../src/store/writes.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const provider = 'sandbox'
const idOf = (n: number) => `0190a000-0000-7000-8000-00000000000${n}`

/** A planned email with an open attempt, and a report of it. */
async function openAttempt(n: number) {
  const { ids } = await stage.planned(shipped())
  const { email = '' } = ids
  const at = stage.clock.now()
  const attempt = { notificationId: email, id: idOf(n), number: 1, round: 1, provider, startedAt: at }
  const receipt = {
    ...{ key: `r-${n}`, kind: 'delivered' as const, at, providerMessageId: null, notificationId: null },
    ...{ attemptId: attempt.id, address: null, suppress: null, code: null, text: null },
  }
  const report = {
    ...{ id: idOf(n + 1), raw: Buffer.from('{}'), digest: 'digest', receipts: [receipt], once: null, receivedAt: at },
  }
  const openings = [{ ...attempt, cause: { code: 'first', params: {} } as const }]
  return {
    email,
    open: () => transaction(stage.ctx.db, (tx) => write(tx, stage.ctx.jobs, { ...noWrites(), openings })),
    insert: () =>
      transaction(stage.ctx.db, async (tx) => {
        await insertReports(tx, provider, [report])
        return insertReceipts(tx, provider, [report])
      }),
  }
}

/** Runs \`work\` while a delivery holds the notification, and answers what ended first. */
async function duringDelivery(email: string, work: () => Promise<unknown>): Promise<string[]> {
  const ends: string[] = []
  let working: Promise<unknown> | undefined
  await transaction(stage.ctx.db, async (delivery) => {
    await lock(delivery, [email])
    working = work().then(() => ends.push('linked'))
    await eventually(async () => {
      const { rowCount } = await stage.db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rowCount === 1 || ends.length > 0
    })
    ends.push('delivered')
  })
  await working
  return ends
}

it('receipts are stored with their link once the delivery that holds their notification has committed', async () => {
  const { email, open, insert } = await openAttempt(1)
  await open()
  let stored: NewReceipt[] = []
  const ends = await duringDelivery(email, async () => {
    stored = await insert()
  })
  expect(stored).toMatchObject([{ key: 'r-1', notificationId: email }])
  expect(ends).toEqual(['delivered', 'linked'])
})

it('those that waited for their attempt are linked in the same order', async () => {
  const { email, open, insert } = await openAttempt(3)
  const [stored] = await insert()
  expect(stored).toMatchObject({ key: 'r-3', notificationId: null })
  await open()
  let linked: string[] = []
  const ends = await duringDelivery(email, async () => {
    linked = await transaction(stage.ctx.db, (tx) => linkReceipts(tx, [stored?.id ?? '']))
  })
  expect(linked).toEqual([email])
  expect(ends).toEqual(['delivered', 'linked'])
})
