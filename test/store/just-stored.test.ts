// An event that is planned at once, by the process that stored it, is the one that others would read.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { transaction } from '../../src/store/db.ts'
import { insertEvents, type NewEvent } from '../../src/store/events/insert.ts'
import { findEvent } from '../../src/store/events/load.ts'
import type { Job } from '../../src/store/jobs/queues.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(() => stage.stop())

const plain: NewEvent = {
  id: '01999999-0000-7000-8000-000000000001',
  source: 'app:shop',
  sourceId: 'msg_1',
  forgottenId: 'forgotten:1',
  type: 'order.shipped',
  sourceType: 'order.shipped',
  status: 'accepted',
  reason: null,
  reference: 'ORD-1',
  references: ['ORD-1', 'cus_1'],
  mentions: ['pi_1'],
  fact: 'shipped:ORD-1',
  livemode: true,
  priority: 'high',
  receivedAt: new Date('2026-11-22T10:00:00.123Z'),
  occurredAt: new Date('2026-11-22T09:59:59.999Z'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  raw: Buffer.from('{"type":"order.shipped"}'),
}
const bare: NewEvent = {
  ...plain,
  ...{ id: '01999999-0000-7000-8000-000000000002', sourceId: 'msg_2', forgottenId: 'forgotten:2' },
  ...{ reference: null, references: [], mentions: [], fact: null, livemode: null, traceparent: null },
}
/** With text that Postgres does not hold. */
const odd: NewEvent = {
  ...plain,
  ...{ id: '01999999-0000-7000-8000-000000000003', sourceId: 'msg\0_3', forgottenId: 'forgotten:3' },
  ...{ reference: 'ORD-\ud800', references: ['ORD-\ud800', 'a\0b'], fact: 'shipped:\0' },
}

it.each([
  ['with everything', plain],
  ['with nothing', bare],
  ['with text that Postgres does not hold', odd],
])('an event %s', async (_what, event) => {
  const enqueued: Job[] = []
  const jobs = { ...stage.ctx.jobs, enqueue: async (_tx: object, newJobs: Job[]) => void enqueued.push(...newJobs) }
  await transaction(stage.db, (tx) => insertEvents(tx, jobs, [event]))
  expect(enqueued).toHaveLength(1)
  const found = await findEvent(stage.db, event.id)
  expect(found).not.toBeNull()
  expect(enqueued[0]?.event?.()).toEqual(found)
})
