// A job whose time comes later, of which NOTIFY has told nobody, is found at once by the workers, who seldom look by themselves.
import { expect, it, vi } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { openDb, transaction } from '../../../src/store/db.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { neverPolling } from '../../helper/never-polling.ts'
import { eventually, freshDatabase } from '../../helper/world.ts'

it('is found at its time, whichever queue it is in, although no worker looks by itself', async () => {
  await using cleanup = new AsyncDisposableStack()
  neverPolling()
  cleanup.defer(() => void vi.restoreAllMocks())
  const log = openLog('silent')
  const database = await freshDatabase()
  cleanup.defer(() => database.drop())
  const db = openDb({ url: database.url, poolSize: 2, log })
  cleanup.defer(() => db.end())
  const jobs = await openJobs({ url: database.url, poolSize: 3, db, maintain: false, log })
  cleanup.defer(() => jobs.stop(2000))
  const done: { id: string; lateMs: number }[] = []
  const dueAt = new Date(Date.now() + 1000)
  const work = async (id: string) => void done.push({ id, lateMs: Date.now() - dueAt.getTime() })
  for (const stage of ['plan', 'email', 'timer'] as const) await jobs.work(stage, work)
  await transaction(db, (tx) =>
    jobs.enqueue(tx, [
      { stage: 'plan', priority: 'bulk', id: 'a plan', at: dueAt },
      { stage: 'email', priority: 'normal', id: 'an email', at: dueAt },
      { stage: 'timer', priority: 'normal', id: 'a timer', at: dueAt },
    ]),
  )
  await eventually(async () => done.length === 3)
  expect(done.map(({ id }) => id).sort()).toEqual(['a plan', 'a timer', 'an email'])
  for (const { id, lateMs } of done) expect(lateMs, id).toBeGreaterThanOrEqual(0)
})
