// Large events that are planned at the same time are read one by one, so that memory holds one of them.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makePlan } from '../../src/plan/plan.ts'
import { bodiesRead } from '../helper/bodies-read.ts'
import { shipped } from '../helper/events.ts'
import { type Stage, startStage } from '../helper/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.stop()
})

const large = () => shipped({ data: { ...(shipped().data as object), note: 'x'.repeat(400_000) } })

it.each(['fetched', 'at once', 'repeat'] as const)('when they are %s', async (occasion) => {
  const ids: string[] = []
  for (const event of [large(), shipped(), large(), shipped(), large()]) ids.push(await stage.accepted(event))
  const read = bodiesRead(stage.ctx.db)
  const work = makePlan(stage.ctx)
  await Promise.all(ids.map((id) => work(id, occasion)))
  expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(500_000)
  const { rows } = await stage.db.query('select status, count(*)::integer as n from events group by 1')
  expect(rows).toEqual([{ status: 'planned', n: 5 }])
})

it('a job takes a small event along, and a large one is read in its turn', async () => {
  const taken: (boolean | undefined)[] = []
  const { enqueue } = stage.ctx.jobs
  vi.spyOn(stage.ctx.jobs, 'enqueue').mockImplementation((tx, jobs) => {
    taken.push(...jobs.map(({ event }) => event !== undefined))
    return enqueue(tx, jobs)
  })
  await stage.accepted(shipped())
  await stage.accepted(large())
  expect(taken).toEqual([true, false])
})
