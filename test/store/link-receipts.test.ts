// Linking receipts locks notifications in the order of a delivery, so that the two cannot deadlock.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertReceipts, linkReceipts } from '../../src/store/attempts/receipts.ts'
import { insertReport } from '../../src/store/attempts/reports.ts'
import { lock } from '../../src/store/attempts/rows.ts'
import { noWrites, write } from '../../src/store/attempts/writes.ts'
import { transaction } from '../../src/store/db.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

it('receipts are linked once the delivery that holds their notification has committed', async () => {
  const { ids } = await stage.planned(shipped())
  const { email = '' } = ids
  const at = stage.clock.now()
  const attemptId = '0190a000-0000-7000-8000-000000000001'
  const attempt = { notificationId: email, id: attemptId, number: 1, round: 1, provider: 'sandbox', startedAt: at }
  const openings = [{ ...attempt, cause: { code: 'first', params: {} } as const }]
  await transaction(stage.ctx.db, (tx) => write(tx, stage.ctx.jobs, { ...noWrites(), openings }))
  const receipt = {
    ...{ key: 'r-1', kind: 'delivered' as const, at, providerMessageId: null, notificationId: email, attemptId },
    ...{ address: null, suppress: null, code: null, text: null },
  }
  const report = {
    ...{ id: '0190a000-0000-7000-8000-000000000002', provider: 'sandbox', raw: Buffer.from('{}'), digest: 'digest' },
    ...{ receipts: [receipt], once: null, receivedAt: at },
  }
  const stored = await transaction(stage.ctx.db, async (tx) => {
    await insertReport(tx, report)
    return insertReceipts(tx, report)
  })

  const ends: string[] = []
  let linking: Promise<string[]> | undefined
  await transaction(stage.ctx.db, async (delivery) => {
    await lock(delivery, [email])
    linking = transaction(stage.ctx.db, async (tx) => {
      const linked = await linkReceipts(tx, [stored[0]?.id ?? ''])
      ends.push('linked')
      return linked
    })
    await eventually(async () => {
      const { rowCount } = await stage.db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rowCount === 1 || ends.length > 0
    })
    ends.push('delivered')
  })
  expect(await linking).toEqual([email])
  expect(ends).toEqual(['delivered', 'linked'])
})
