// A provider may report thousands of receipts for one notification: the first and the latest are shown, and all are counted.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { signedIn } from '../helper/visitor.ts'
import { keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

type Counted = NotificationAudit & { receiptCount: number; timelineCount: number }
let world: World
let id = ''
beforeAll(async () => {
  world = await startWorld()
  const { body } = await world.app(shipped({ recipient: { id: 'cus_many', email: 'noa@many.example' } }))
  id = (await world.event(body.id)).notifications[0]?.id ?? ''
})
afterAll(() => world.stop())

const shown = async (key = keys.viewer) => (await world.get<Counted>(`/v1/notifications/${id}`, key)).body

async function report(from: number, to: number): Promise<void> {
  await world.db.query(
    `with r as (insert into reports (id, provider, received_at) values (gen_random_uuid(), 'sandbox', now()) returning id)
     insert into receipts (id, report_id, provider, key, kind, received_at, notification_id, text)
     select gen_random_uuid(), r.id, 'sandbox', i, 'delayed', now() + i * interval '1 ms', $1, i || ' noa@many.example'
     from r, generate_series($2::integer, $3::integer) as i`,
    [id, from, to],
  )
}

it('all are shown while there are few', async () => {
  const { timelineCount: before } = await shown()
  await report(1, 200)
  const n = await shown()
  expect(n.receipts.map(({ text }) => text)).toEqual(
    Array.from({ length: 200 }, (_, i) => `${i + 1} n***@many.example`),
  )
  expect(n).toMatchObject({ receiptCount: 200, timelineCount: before + 200 })
  expect(n.timeline).toHaveLength(n.timelineCount)
})

it('then the first and the latest hundred, of the timeline’s own entries too, and all are counted', async () => {
  const few = await shown()
  await report(201, 1_000)
  await world.db.query(
    `insert into timeline_entries (notification_id, at, code, params)
     select $1, now() + i * interval '1 ms', 'cancelled', '{"by":"operator key","mayBeTaken":false}' from generate_series(1, 500) as i`,
    [id],
  )
  const n = await shown()
  expect(n.receipts.map(({ text }) => Number.parseInt(text ?? '', 10))).toEqual([
    ...Array.from({ length: 100 }, (_, i) => i + 1),
    ...Array.from({ length: 100 }, (_, i) => i + 901),
  ])
  expect(n).toMatchObject({ receiptCount: 1_000, timelineCount: few.timelineCount + 1_300 })
  const reported = n.timeline.filter(({ code }) => code === 'reported')
  expect(reported).toHaveLength(200)
  expect(n.timeline.length).toBeLessThan(420)
})

it('a person’s export has them all', async () => {
  const { body } = await world.get<{ notifications: Counted[] }>('/v1/recipients/cus_many/export', keys.operator)
  const exported = body.notifications.find((one) => one.id === id)
  expect(exported?.receipts).toHaveLength(1_000)
  expect(exported?.timeline).toHaveLength(exported?.timelineCount ?? 0)
})

it('the dashboard’s page says how many there are', async () => {
  const { text } = await (await signedIn(world)).get(`/dashboard/notifications/${id}`)
  expect(text).toContain('The first and the latest 100 of 1,000 receipts.')
  const n = await shown()
  expect(text).toContain(
    `The first and the latest entries, ${n.timeline.length} of ${n.timelineCount.toLocaleString('en-GB')}.`,
  )
})
