// Transactions whose connection breaks under them: the caller is told, the process lives, the pool goes on.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { type Db, isDatabaseAway, openDb, transaction } from '../../src/store/db.ts'
import { freshDatabase } from '../helper/world.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let db: Db

beforeAll(async () => {
  database = await freshDatabase()
  db = openDb({ url: database.url, poolSize: 2, log: openLog('silent') })
})
afterAll(async () => {
  await db.end()
  await database.drop()
})

it('a connection that breaks between two statements of a transaction ends that transaction alone', async () => {
  const broken = transaction(db, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    const gone = new Promise((resolve) => tx.once('end', resolve))
    await db.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await gone
    await tx.query('select 1')
  })
  const error = await broken.catch((reason: unknown) => reason)
  expect(isDatabaseAway(error)).toBe(true)
  expect(await transaction(db, async (tx) => (await tx.query('select 1 as one')).rows)).toEqual([{ one: 1 }])
})
