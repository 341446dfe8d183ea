// An export reads few large bodies at once, and every event with its own.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { exportPerson } from '../../src/operate/export-person.ts'
import { bodiesRead } from '../helper/bodies-read.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage({})
})
afterAll(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

it('reads few large bodies at once', async () => {
  const recipient = { id: 'ada', email: 'ada@example.org' }
  const expected: Record<string, number | null> = {}
  for (const length of [10, 2_200_000, 2_200_001, 20, 2_200_002, 2_200_003]) {
    const event = { ...shipped({ recipient }), data: { ...(shipped().data as object), note: 'x'.repeat(length) } }
    const id = await stage.accepted(event)
    expected[id] = JSON.stringify(event).length
  }
  const gone = await stage.accepted(shipped({ recipient }))
  const result = await exportPerson(stage.ctx, 'ada', 'ops')
  if (result.kind === 'refused') throw new Error(result.detail)
  await stage.db.query('delete from event_bodies where event_id = $1', [gone])
  expected[gone] = null
  const read = bodiesRead(stage.ctx.db)
  const found: Record<string, number | null> = {}
  for await (const { id, raw } of result.exported.events) found[id] = raw?.length ?? null
  expect(found).toEqual(expected)
  expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(5_000_000)
})

it('reads few large messages at once, and every notification with its own', async () => {
  const recipient = { id: 'grace', email: 'grace@example.org' }
  for (let i = 0; i < 6; i++) await stage.planned(shipped({ recipient }))
  await stage.db.query(
    `update messages set content = jsonb_set(content::jsonb, '{text}', to_jsonb(repeat('x', 2200000)))::json
     where notification_id in (select id from notifications where recipient_id = 'grace')`,
  )
  const result = await exportPerson(stage.ctx, 'grace', 'ops')
  if (result.kind === 'refused') throw new Error(result.detail)
  const connect = vi.spyOn(stage.ctx.db, 'connect')
  const lengths: number[] = []
  for await (const { message } of result.exported.notifications) lengths.push(JSON.stringify(message).length)
  expect(lengths).toHaveLength(6)
  expect(Math.min(...lengths)).toBeGreaterThan(2_200_000)
  // A pool that is asked for one statement connects with a callback; a snapshot does not.
  const snapshots = connect.mock.calls.filter((given: unknown[]) => given.length === 0)
  expect(snapshots, 'two of them are 4 MiB').toHaveLength(3)
})
