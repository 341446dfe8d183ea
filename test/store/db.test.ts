// The pool: transactions whose connection breaks under them, a server that is away, and session options of the URL's own.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLog } from '../../src/log.ts'
import { withSessionOptions } from '../../src/store/connection.ts'
import { type Db, isDatabaseAway, openDb, transaction, waitForDatabase } from '../../src/store/db.ts'
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

it('a server behind a Unix socket that is not there is away, a file that is not there is no such thing', async () => {
  const { error } = await waitForDatabase('postgres:///x?host=/nowhere/at/all', 0).then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  )
  expect(error).toMatchObject({ code: 'ENOENT' })
  expect(isDatabaseAway(error)).toBe(true)
  expect(isDatabaseAway(await readFile('/nowhere/at/all').catch((reason: unknown) => reason))).toBe(false)
})

it.each([
  ['none', '', '0'],
  ['of other names', '-c lock_timeout=1234', '1234ms'],
  ['of our names', '-c statement_timeout=20000 -c search_path=public -c lock_timeout=1234', '1234ms'],
])('session options of the URL stand, %s, and ours behind them', async (_, options, lockTimeout) => {
  const url = new URL(database.url)
  if (options) url.searchParams.set('options', options)
  for (const written of [url.href, url.href.replaceAll('+', '%20')]) {
    const pool = openDb({ url: written, poolSize: 1, log: openLog('silent') })
    const { rows } = await pool.query(
      "select current_setting('search_path') as path, current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle, current_setting('lock_timeout') as lock, current_setting('application_name') as name",
    )
    await pool.end()
    expect(rows).toEqual([{ path: 'posthorn', statement: '15s', idle: '15s', lock: lockTimeout, name: 'posthorn' }])
  }
})

it('what a URL says for its host’s sake is handed on as it was written', () => {
  const ours = { search_path: 'posthorn' }
  expect(withSessionOptions('postgres://u:p%zz@db/x?options=endpoint%3Dep-1&sslmode=verify-full', ours)).toBe(
    'postgres://u:p%zz@db/x?options=endpoint%3Dep-1&sslmode=verify-full&options=endpoint%3Dep-1+-c+search_path=posthorn',
  )
})
