// Which workers a NOTIFY wakes.
import { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { openDb, transaction } from '../../../src/store/db.ts'
import { fetchersOf } from '../../../src/store/jobs/fetchers.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { neverPolling } from '../../helper/never-polling.ts'
import { eventually, freshDatabase } from '../../helper/world.ts'

afterEach(() => void vi.restoreAllMocks())

/** Longer than a fetch takes. */
const later = () => vi.advanceTimersByTime(60)

/** Workers by the letters of their ids, whose first fetches have found nothing. */
async function workers(ids: string) {
  const woken: string[] = []
  const ends: (() => void)[] = []
  const handlers = new Map<string, (jobs: string[]) => Promise<void>>()
  const fetchers = fetchersOf({
    work: (_jobs: string[]) => new Promise<void>((end) => ends.push(end)),
    batchSize: 2,
    notify: (id) => woken.push(id),
  })
  for (const id of ids)
    await fetchers.add(async (handler) => {
      handlers.set(id, handler)
      return id
    })
  later()
  return {
    ...fetchers,
    /** What has been woken since it was asked before. */
    woken: () => woken.splice(0).join(''),
    /** Its fetch has found these; answers what ends their work. */
    async finds(id: string, ...jobs: string[]) {
      const done = handlers.get(id)?.(jobs)
      const end = ends.at(-1)
      return async () => {
        end?.()
        await done
      }
    },
  }
}

describe('of the workers of a queue', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('one is woken, and no other where it finds fewer jobs than it takes', async () => {
    const { wake, woken, finds } = await workers('abc')
    wake()
    const end = await finds('a', 'job')
    await end()
    expect(woken()).toBe('a')
    wake()
    expect(woken(), 'who has nothing to do is woken again').toBe('a')
  })

  it('one that finds as many as it takes wakes the next, and that one the next', async () => {
    const { wake, woken, finds } = await workers('abc')
    wake()
    await finds('a', 'job', 'job')
    expect(woken()).toBe('ab')
    await finds('b', 'job', 'job')
    expect(woken()).toBe('c')
    await finds('c', 'job', 'job')
    expect(woken()).toBe('')
  })

  it('jobs that come during a fetch are fetched: by the same one if it finds nothing, else by the next', async () => {
    const { wake, woken, finds } = await workers('abc')
    wake()
    wake()
    expect(woken()).toBe('aa')
    await finds('a', 'job')
    expect(woken()).toBe('b')
  })

  it('one whose fetch found nothing, of which nobody hears, is woken like one that has nothing to do', async () => {
    const { wake, woken, finds } = await workers('ab')
    wake()
    later()
    wake()
    await finds('a', 'job')
    expect(woken()).toBe('aa')
  })

  it('while some work, another is woken; while all work, each fetches when its batch ends', async () => {
    const { wake, woken, finds } = await workers('ab')
    wake()
    const endOfA = await finds('a', 'job')
    wake()
    await finds('b', 'job')
    expect(woken()).toBe('ab')
    wake()
    expect(woken()).toBe('ab')
    await endOfA()
    // It fetches now.
    wake()
    expect(woken()).toBe('a')
  })

  it('all are woken where a job was due of which no NOTIFY told', async () => {
    const { wakeAll, woken, finds, wake } = await workers('abc')
    wake()
    await finds('a', 'job')
    woken()
    wakeAll()
    expect(woken()).toBe('abc')
  })
})

it('a NOTIFY of Postgres wakes one of three workers', async () => {
  await using cleanup = new AsyncDisposableStack()
  neverPolling()
  const log = openLog('silent')
  const database = await freshDatabase()
  cleanup.defer(() => database.drop())
  const db = openDb({ url: database.url, poolSize: 2, log })
  cleanup.defer(() => db.end())
  const [teller, worker] = await Promise.all(
    [1, 2].map(() => openJobs({ url: database.url, poolSize: 3, maintain: false, log })),
  )
  cleanup.defer(async () => void (await Promise.all([teller?.stop(2000), worker?.stop(2000)])))
  const done: string[] = []
  await worker?.work('email', async (id) => void done.push(id))
  const woken = vi.spyOn(PgBoss.prototype, 'notifyWorker')
  const tell = (id: string) =>
    transaction(db, async (tx) => teller?.enqueue(tx, [{ stage: 'email', priority: 'normal', id }]))
  for (const id of ['one', 'another']) {
    await tell(id)
    await eventually(async () => done.includes(id))
  }
  expect(woken).toHaveBeenCalled()
  // One each, and one more each where it came while a worker was fetching.
  expect(woken.mock.calls.length).toBeLessThanOrEqual(4)
})
