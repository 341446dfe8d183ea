// The xmin horizon: whoever holds it is named once, by pid, and again when it is free.
import { Writable } from 'node:stream'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { watchHorizon } from '../../src/schedule/watch-horizon.ts'
import { freshDatabase } from '../helper/world.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: pg.Pool
let lines: Record<string, unknown>[]
let sessions: pg.PoolClient[]
beforeEach(async () => {
  database = await freshDatabase()
  pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=posthorn', application_name: 'a test' })
  lines = []
  sessions = []
})
afterEach(async () => {
  for (const session of sessions) session.release(true)
  await pool.end()
  await database.drop()
})

async function session(): Promise<pg.PoolClient> {
  const client = await pool.connect()
  sessions.push(client)
  return client
}

const watch = (heldForMs: number) =>
  watchHorizon(
    pool,
    openLog('info', new Writable({ write: (line, _, done) => done(void lines.push(JSON.parse(line))) })),
    heldForMs,
  )

/** Without what other tests hold on the same server, which has its slots for all databases. */
const said = () => lines.filter(({ kind }) => kind !== 'replication slot')

it('a long transaction is named by its pid once, however often one looks, and its end is told', async () => {
  const dump = await session()
  await dump.query('begin isolation level repeatable read')
  const pid = (await dump.query('select pg_backend_pid() as pid')).rows[0].pid
  const horizon = watch(0)
  expect(horizon.warning()).toBe(null)
  await horizon.look()
  await horizon.look()
  expect(said()).toMatchObject([
    {
      ...{ level: 'warn', alert: true, kind: 'transaction', pid, name: 'a test' },
      ...{ seconds: expect.any(Number), transactions: expect.any(Number) },
      msg: 'the xmin horizon is held: Postgres can remove no dead rows until this ends',
    },
  ])
  expect(horizon.warning()?.replace(/\d+ s\b/, '… s')).toBe(
    `The transaction a test (pid ${pid}, for … s) holds the xmin horizon: Postgres can remove no dead rows until it ends`,
  )
  await dump.query('commit')
  await horizon.look()
  expect(said().slice(1)).toMatchObject([{ level: 'info', pid, msg: 'the xmin horizon is no longer held by this one' }])
  expect(horizon.warning()).toBe(null)
  // The next transaction of the same session is another holder.
  await dump.query('begin isolation level repeatable read')
  await dump.query('select 1')
  await horizon.look()
  expect(said()).toHaveLength(3)
})

it('a transaction that has just begun, and one that holds nothing, are not named', async () => {
  const young = await session()
  await young.query('begin isolation level repeatable read')
  await young.query('select 1')
  await watch(60_000).look()
  await young.query('commit; begin')
  await young.query('select 1')
  await watch(0).look()
  expect(said()).toEqual([])
})
