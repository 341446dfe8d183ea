// A job whose time comes later, of which NOTIFY has told nobody, is found at once by the workers, who seldom look by themselves.
import { expect, it } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { openDb, transaction } from '../../../src/store/db.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { freshDatabase } from '../../helper/world.ts'

it('is done within a second of its time, whichever queue it is in', async () => {
  await using cleanup = new AsyncDisposableStack()
  const log = openLog('silent')
  const database = await freshDatabase()
  cleanup.defer(() => database.drop())
  const db = openDb({ url: database.url, poolSize: 2, log })
  cleanup.defer(() => db.end())
  const jobs = await openJobs({ url: database.url, poolSize: 3, db, maintain: false, log })
  cleanup.defer(() => jobs.stop(2000))
  const lateMs: number[] = []
  const dueAt = new Date(Date.now() + 1000)
  const done = async () => void lateMs.push(Date.now() - dueAt.getTime())
  for (const stage of ['plan', 'email', 'timer'] as const) await jobs.work(stage, done)
  await transaction(db, (tx) =>
    jobs.enqueue(tx, [
      { stage: 'plan', priority: 'bulk', id: 'a plan', at: dueAt },
      { stage: 'email', priority: 'normal', id: 'an email', at: dueAt },
      { stage: 'timer', priority: 'normal', id: 'a timer', at: dueAt },
    ]),
  )
  await expect.poll(() => lateMs.length, { timeout: 10_000 }).toBe(3)
  // By themselves, the workers would look after half a minute.
  for (const late of lateMs) expect(late).toBeLessThan(2500)
})
