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
