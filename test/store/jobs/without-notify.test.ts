// A database, or what stands before it, may not pass NOTIFY on. Workers then find what is enqueued as soon as they do what is due
// later: by the watch, which asks the database, or by their own polls where pg-boss knows that it cannot listen.
import pg from 'pg'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { openDb, transaction } from '../../../src/store/db.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { neverPolling } from '../../helper/never-polling.ts'
import { freshDatabase } from '../../helper/world.ts'

const log = openLog('silent')
let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  vi.restoreAllMocks()
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

interface Opened {
  warnings: unknown[]
  /** Has three jobs done, of which each is enqueued once the one before it has been done. */
  doThree(): Promise<void>
}

async function opened(): Promise<Opened> {
  const database = await freshDatabase()
  cleanup.defer(() => database.drop())
  const db = openDb({ url: database.url, poolSize: 2, log })
  cleanup.defer(() => db.end())
  const warnings: unknown[] = []
  const warn = (fields: object) => void warnings.push(fields)
  const jobs = await openJobs({ url: database.url, poolSize: 3, db, maintain: false, log: { warn, error: () => {} } })
  cleanup.defer(() => jobs.stop(2000))
  const done = new Map<string, () => void>()
  await jobs.work('timer', async (id) => done.get(id)?.())
  const oneIsDone = async () => {
    const id = crypto.randomUUID()
    const isDone = Promise.withResolvers<void>()
    done.set(id, isDone.resolve)
    // A repeat is fetched: this process does not do it at once.
    await transaction(db, (tx) => jobs.enqueue(tx, [{ stage: 'timer', priority: 'normal', id, isRepeat: true }]))
    await isDone.promise
  }
  // The worker has looked by then.
  await oneIsDone()
  return {
    warnings,
    async doThree() {
      for (let times = 0; times < 3; times++) await oneIsDone()
    },
  }
}

// Workers that count on NOTIFY look by themselves every half a minute: here they never do.
beforeEach(neverPolling)

it('where LISTEN succeeds and no notification arrives, the watch finds the job', async () => {
  const emit = pg.Client.prototype.emit
  let dropped = 0
  vi.spyOn(pg.Client.prototype, 'emit').mockImplementation(function (this: pg.Client, ...args) {
    if (args[0] !== 'notification') return emit.apply(this, args)
    dropped += 1
    return true
  })
  const { doThree, warnings } = await opened()
  await doThree()
  expect(dropped).toBeGreaterThan(3)
  expect(warnings).toEqual([])
})

it('where LISTEN is refused, the log says so, and workers poll', async () => {
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    if (typeof args[0] === 'string' && args[0].startsWith('LISTEN')) return Promise.reject(new Error('not here'))
    return query.apply(this, args)
  } as typeof pg.Client.prototype.query)
  const { doThree, warnings } = await opened()
  await doThree()
  expect(warnings).toEqual([{ warning: expect.stringContaining('Continuing with polling only') }])
})
