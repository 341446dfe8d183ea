// What is read to decide which event supersedes another stays small, however many events share a reference.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { supersedingEvent } from '../../src/policy/superseding.ts'
import { possibleStops } from '../../src/store/events/stops.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

it('of thousands of events with one reference the latest are read, and those of the same payment', async () => {
  const insert = (fact: string | null, at: string) =>
    stage.db.query(
      `insert into events (id, source, source_id, type, source_type, status, priority, reference_names, fact, received_at, occurred_at)
       select gen_random_uuid(), 'shop', gen_random_uuid(), 'payment.received', 'payment.received', 'planned', 'normal', '{HOT}', $1,
         ($2::timestamptz + n * interval '1 second'), ($2::timestamptz + n * interval '1 second') from generate_series(1, $3) n`,
      [fact, at, fact ? 1 : 2000],
    )
  await insert('payment:pi_1', '2026-11-01T00:00:00Z')
  await stage.db.query(
    `insert into payments (fact, outcome, names, amount, currency, at) values ('payment:pi_1', 'received', '{pi_1,HOT}', 1, 'eur', now())`,
  )
  await insert(null, '2026-11-02T00:00:00Z')
  const id = await stage.accepted({
    ...{ type: 'payment.failed', reference: 'HOT', timestamp: '2026-11-02T00:33:00Z' },
    ...{ recipient: { email: 'ada@example.com' }, data: { amount: { amount: 1, currency: 'eur' } } },
  })
  const event = { id, references: ['HOT'], occurredAt: new Date('2026-11-02T00:33:00Z'), receivedAt: stage.clock.now() }
  const read = await possibleStops(stage.db, event, ['payment.received'])
  expect(read?.stops).toHaveLength(100)
  const times = (read?.stops ?? []).map(({ occurredAt }) => occurredAt.toISOString()).sort()
  expect([times[0], times[1], times.at(-1)]).toEqual([
    ...['2026-11-01T00:00:01.000Z', '2026-11-02T00:31:42.000Z', '2026-11-02T00:33:20.000Z'],
  ])
  expect(read && supersedingEvent(read)).toMatchObject({ type: 'payment.received' })
  expect(await possibleStops(stage.db, { ...event, references: ['COLD'] }, ['payment.received'])).toBeNull()
})
