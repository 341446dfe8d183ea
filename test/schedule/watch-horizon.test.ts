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
beforeEach(async () => {
  database = await freshDatabase()
  pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=posthorn', application_name: 'a test' })
  lines = []
})
afterEach(async () => {
  await pool.end()
  await database.drop()
})

const watch = (heldForMs: number) =>
  watchHorizon(
    pool,
    openLog('info', new Writable({ write: (line, _, done) => done(void lines.push(JSON.parse(line))) })),
    heldForMs,
  )

/** Without what other tests hold on the same server, which has its slots for all databases. */
const said = () => lines.filter(({ kind }) => kind !== 'replication slot')

it('a long transaction is named by its pid once, however often one looks, and its end is told', async () => {
  const dump = await pool.connect()
  await dump.query('begin isolation level repeatable read')
  const pid = (await dump.query('select pg_backend_pid() as pid')).rows[0].pid
  const horizon = watch(0)
  expect(horizon.warning()).toBe(null)
  await horizon.look()
  await horizon.look()
  expect(said()).toMatchObject([
    {
      ...{ level: 'warn', alert: true, kind: 'transaction', pid, name: 'a test', seconds: 0, transactions: 0 },
      msg: 'the xmin horizon is held: Postgres can remove no dead rows until this ends',
    },
  ])
  expect(horizon.warning()).toBe(
    `The transaction a test (pid ${pid}, for 0 s) holds the xmin horizon: Postgres can remove no dead rows until it ends`,
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
  dump.release(true)
})

it('a transaction that has just begun, and one that holds nothing, are not named', async () => {
  const young = await pool.connect()
  await young.query('begin isolation level repeatable read')
  await young.query('select 1')
  await watch(60_000).look()
  await young.query('commit; begin')
  await young.query('select 1')
  await watch(0).look()
  expect(said()).toEqual([])
  young.release(true)
})
