// Operators may retry a notification without end: the first and the latest attempts are shown, and all are counted.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shipped } from '../helper/events.ts'
import { signedIn } from '../helper/visitor.ts'
import { keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'

type Counted = NotificationAudit & { attemptCount: number; timelineCount: number }
let world: World
let id = ''
beforeAll(async () => {
  world = await startWorld()
  const { body } = await world.app(shipped({ recipient: { id: 'cus_retried', email: 'noa@retried.example' } }))
  id = (await world.event(body.id, ({ notifications: [one] }) => one?.state === 'sent')).notifications[0]?.id ?? ''
})
afterAll(() => world.stop())

const shown = async () => (await world.get<Counted>(`/v1/notifications/${id}`, keys.viewer)).body
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

async function attempt(from: number, to: number): Promise<void> {
  await world.db.query(
    `insert into attempts (id, notification_id, number, round, provider, cause, started_at, ended_at, outcome, blame)
     select gen_random_uuid(), $1, i, i, 'sandbox', 'first', now() + i * interval '1 ms', now() + i * interval '1 ms', 'rejected', 'provider'
     from generate_series($2::integer, $3::integer) as i`,
    [id, from, to],
  )
}

it('all are shown while there are few, and then the first and the latest hundred', async () => {
  const one = await shown()
  expect(one).toMatchObject({ attemptCount: 1, attempts: [{ number: 1 }] })
  await attempt(2, 200)
  const few = await shown()
  expect(few.attempts.map(({ number }) => number)).toEqual(numbers(1, 200))
  expect(few).toMatchObject({ attemptCount: 200, timelineCount: one.timelineCount + 2 * 199 })
  expect(few.timeline).toHaveLength(few.timelineCount)
  await attempt(201, 1_000)
  const many = await shown()
  expect(many.attempts.map(({ number }) => number)).toEqual([...numbers(1, 100), ...numbers(901, 1_000)])
  expect(many).toMatchObject({ attemptCount: 1_000, timelineCount: one.timelineCount + 2 * 999 })
  expect(many.timeline).toHaveLength(few.timeline.length)
})

it('a person’s export has them all', async () => {
  const { body } = await world.get<{ notifications: Counted[] }>('/v1/recipients/cus_retried/export', keys.operator)
  const exported = body.notifications.find((one) => one.id === id)
  expect(exported?.attempts).toHaveLength(1_000)
  expect(exported?.timeline).toHaveLength(exported?.timelineCount ?? 0)
})

it('the dashboard’s page says how many there are', async () => {
  const { text } = await (await signedIn(world)).get(`/dashboard/notifications/${id}`)
  expect(text).toContain('The first and the latest 100 of 1,000 attempts.')
  expect(text).toMatch(/99\d earlier/)
})
