// The queues that a start creates.
import pg from 'pg'
import { expect, it } from 'vitest'
import { openLog } from '../../../src/log.ts'
import { openJobs } from '../../../src/store/jobs/jobs.ts'
import { queues } from '../../../src/store/jobs/queues.ts'
import { freshDatabase } from '../../helper/world.ts'

it('a start creates the queues that are missing, and leaves the others as they are', async () => {
  const database = await freshDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const created = async () => {
    const { rows } = await client.query('select name, created_on, partition from posthorn_jobs.queue order by name')
    return rows.filter(({ name }) => queues.some((queue) => queue.name === name))
  }
  const before = await created()
  expect(before.map(({ name }) => name)).toEqual(queues.map(({ name }) => name).sort())
  await client.query(`select posthorn_jobs.delete_queue('digest-normal')`)
  const jobs = await openJobs({ url: database.url, poolSize: 2, log: openLog('silent') })
  const after = await created()
  const others = (rows: typeof after) => rows.filter(({ name }) => name !== 'digest-normal')
  expect(others(after)).toEqual(others(before))
  expect(after.find(({ name }) => name === 'digest-normal')).toMatchObject({ partition: true })
  await jobs.stop(0)
  await client.end()
  await database.drop()
})
