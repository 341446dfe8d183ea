// Merging facts locks notifications in the order of a delivery, so that the two cannot deadlock.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lock } from '../../src/store/attempts/rows.ts'
import { transaction } from '../../src/store/db.ts'
import { mergeFacts } from '../../src/store/events/payments.ts'
import { noWrites, write } from '../../src/store/writes.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'
import { eventually } from '../helper/world.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

it('a delivery of several notifications opens its attempt while a plan that wants two of them waits', async () => {
  const { ids } = await stage.planned(shipped())
  const [merged, superseded] = Object.values(ids)
  if (!merged || !superseded) throw new Error('the event has fewer than two notifications')
  await stage.db.query(`update notification_details set fact = 'payment:one' where id = $1`, [merged])
  const openings = [
    {
      ...{
        notificationId: merged,
        id: '0190a000-0000-7000-8000-000000000001',
        number: 1,
        round: 1,
        provider: 'sandbox',
      },
      ...{ cause: { code: 'first', params: {} } as const, startedAt: stage.clock.now() },
    },
  ]
  let planning: Promise<void> | undefined
  await transaction(stage.ctx.db, async (delivery) => {
    await lock(delivery, [merged, superseded])
    planning = transaction(stage.ctx.db, async (plan) => {
      await mergeFacts(plan, 'payment:one', 'payment:two')
      await lock(plan, [superseded])
    })
    await eventually(async () => {
      const { rowCount } = await stage.db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rowCount === 1
    })
    await write(delivery, stage.ctx.jobs, { ...noWrites(), openings })
  })
  await planning
  const { rows } = await stage.db.query(
    'select d.fact, a.number from notification_details d join attempts a on a.notification_id = d.id',
  )
  expect(rows).toEqual([{ fact: 'payment:two', number: 1 }])
})
