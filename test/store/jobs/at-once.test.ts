// A process with free workers does due jobs itself, once the transaction that enqueues them has committed.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FoundEvent } from '../../../src/domain/stored-event.ts'
import { openLog } from '../../../src/log.ts'
import { type Db, openDb, transaction } from '../../../src/store/db.ts'
import { type Jobs, openJobs } from '../../../src/store/jobs/jobs.ts'
import type { Job } from '../../../src/store/jobs/queues.ts'
import type { Occasion } from '../../../src/store/jobs/worker-pool.ts'
import { eventually, freshDatabase } from '../../helper/world.ts'

const log = openLog('silent')
const jobOf = (id: string): Job => ({ stage: 'plan', priority: 'normal', id })

let database: Awaited<ReturnType<typeof freshDatabase>>
let db: Db
let jobs: Jobs
beforeEach(async () => {
  database = await freshDatabase()
  db = openDb({ url: database.url, poolSize: 2, log })
  jobs = await openJobs({ url: database.url, poolSize: 3, db, maintain: false, log })
})
afterEach(async () => {
  await jobs.stop(2000)
  await db.end()
  await database.drop()
})

const enqueue = (...newJobs: Job[]) => transaction(db, (tx) => jobs.enqueue(tx, newJobs))

/** The jobs that are left, each with whether it is due later. */
async function left(): Promise<{ ids: string[]; isAlarm: boolean; isLater: boolean }[]> {
  const { rows } = await db.query(
    `select data->'ids' as ids, coalesce(data->'isAlarm', 'false')::boolean as "isAlarm", start_after > now() as "isLater"
     from posthorn_jobs.job where name = 'plan-normal' and state < 'completed' order by data->>'ids'`,
  )
  return rows
}

/** Workers that do what the test tells them. */
async function workers() {
  const begun: string[] = []
  const events: (FoundEvent | undefined)[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const endOf = (id: string) => {
    const end = ends.get(id) ?? Promise.withResolvers<void>()
    ends.set(id, end)
    return end
  }
  await jobs.work('plan', (id, _occasion, event) => {
    begun.push(id)
    events.push(event)
    return endOf(id).promise
  })
  return { begun, events, endOf }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('begins after the commit, and deletes the job once it is done', async () => {
  const { begun, endOf } = await workers()
  await transaction(db, async (tx) => {
    await jobs.enqueue(tx, [jobOf('a')])
    await turn()
    expect(begun).toEqual([])
  })
  await turn()
  expect(begun).toEqual(['a'])
  expect(await left(), 'its alarm, should the process die').toEqual([{ ids: ['a'], isAlarm: true, isLater: true }])
  const counts = (await jobs.counts(db)).find(({ name }) => name === 'plan-normal')
  expect(counts, 'nothing waits').toMatchObject({ ready: 0, deferred: 0 })
  endOf('a').resolve()
  await eventually(async () => (await left()).length === 0)
})

it('is given the event that was stored with its job, which its alarm reads', async () => {
  const { events, endOf } = await workers()
  const event = { enrichment: null, raw: Buffer.from('{}') } as FoundEvent
  endOf('a').promise.catch(() => {})
  endOf('a').reject(new Error('a fault'))
  await enqueue({ ...jobOf('a'), event: () => event })
  await turn()
  expect(events).toEqual([event])
  await expect.poll(() => events, { timeout: 15_000 }).toEqual([event, undefined])
})

it('does nothing that was rolled back', async () => {
  const { begun } = await workers()
  const failing = transaction(db, async (tx) => {
    await jobs.enqueue(tx, [jobOf('a')])
    throw new Error('rolled back')
  })
  await expect(failing).rejects.toThrow('rolled back')
  await turn()
  expect(begun).toEqual([])
  expect(await left()).toEqual([])
})

it('leaves the job where its work fails, and what is not due to its time', async () => {
  const { begun, endOf } = await workers()
  endOf('a').promise.catch(() => {})
  endOf('a').reject(new Error('a fault'))
  const hour = 3_600_000
  await enqueue(jobOf('a'), { ...jobOf('b'), at: new Date(Date.parse('2099-01-01') + hour) })
  await turn()
  expect(begun).toEqual(['a'])
  expect(await left()).toEqual([
    { ids: ['a'], isAlarm: true, isLater: true },
    { ids: ['b'], isAlarm: false, isLater: true },
  ])
})

it('takes no more at once than it has hands; the others wait for a fetch', async () => {
  const { endOf } = await workers()
  const ids = Array.from({ length: 12 }, (_, i) => `job ${String(i).padStart(2, '0')}`)
  for (const id of ids) endOf(id)
  await enqueue(...ids.map(jobOf))
  const later = (await left()).filter(({ isLater }) => isLater)
  expect(later.map(({ ids }) => ids[0])).toEqual(ids.slice(0, 10))
  for (const id of ids) endOf(id).resolve()
  await eventually(async () => (await left()).length === 0)
})

it('leaves everything to others without workers, and once it stops', async () => {
  await enqueue(jobOf('a'))
  expect(await left()).toEqual([{ ids: ['a'], isAlarm: false, isLater: false }])
  await db.query('delete from posthorn_jobs.job')
  const { begun } = await workers()
  jobs.stopFetching()
  await enqueue(jobOf('b'))
  await turn()
  expect(begun).toEqual([])
  expect(await left()).toEqual([{ ids: ['b'], isAlarm: false, isLater: false }])
})

it('is done by another process, as an alarm, where its own has died', async () => {
  const { begun, endOf } = await workers()
  await enqueue(jobOf('a'))
  await turn()
  expect(begun).toEqual(['a'])
  await jobs.stop(0)
  jobs = await openJobs({ url: database.url, poolSize: 3, db, maintain: false, log })
  const again: [string, Occasion | undefined][] = []
  await jobs.work('plan', async (id, occasion) => {
    again.push([id, occasion])
  })
  await expect.poll(left, { timeout: 15_000 }).toEqual([])
  expect(again).toEqual([['a', 'alarm']])
  endOf('a').resolve()
})

it('ends what it began before it stops', async () => {
  const { begun, endOf } = await workers()
  await enqueue(jobOf('a'))
  await turn()
  expect(begun).toEqual(['a'])
  let isStopped = false
  const stopping = jobs.stop(10_000).then(() => {
    isStopped = true
  })
  await turn()
  expect(isStopped).toBe(false)
  endOf('a').resolve()
  await stopping
  expect(await left()).toEqual([])
})
