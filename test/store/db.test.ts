// The pool: transactions whose connection breaks under them, and session options of the URL's own.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLog } from '../../src/log.ts'
import { withSessionOptions } from '../../src/store/connection.ts'
import {
  type Db,
  isDatabaseAway,
  openDb,
  query,
  type Tx,
  toJson,
  transaction,
  transactionAfter,
} from '../../src/store/db.ts'
import { onOneConnection, together } from '../../src/store/together.ts'
import { TurnSocket } from '../../src/store/turn-socket.ts'
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

it('a transaction whose BEGIN goes with its first reads writes nothing if one of them fails, and throws that error', async () => {
  await db.query('create table if not exists posthorn.written (what text)')
  const failing = transactionAfter(
    db,
    (tx) => together(tx.query('select 1'), tx.query('select from nowhere'), tx.query('select 2')),
    (tx) => tx.query(`insert into written values ('after a failed read')`),
  )
  await expect(failing).rejects.toMatchObject({ code: '42P01' })
  const written = transactionAfter(
    db,
    (tx) => query<{ isInTransaction: boolean }>(tx, 'select now() = statement_timestamp() as is_in_transaction'),
    (tx, found) => tx.query(`insert into written values ('after ' || $1)`, [found.length]),
  )
  await written
  expect(await query(db, 'select what from written')).toEqual([{ what: 'after 1' }])
})

it('what goes with the COMMIT is committed with the rest, and if it is refused nothing stays', async () => {
  await db.query('create table if not exists posthorn.written (what text); truncate posthorn.written')
  const write = (tx: Tx, what: string) => tx.query('insert into written values ($1)', [what])
  const run = (last: (tx: Tx) => Promise<unknown>) =>
    transactionAfter(
      db,
      async () => {},
      (tx) => write(tx, 'work'),
      last,
    )
  await expect(run((tx) => together(write(tx, 'last'), tx.query('select 1 / 0')))).rejects.toMatchObject({
    code: '22012',
  })
  expect(await query(db, 'select what from written')).toEqual([])
  let sent: string[] = []
  await run(async (tx) => {
    const statements = vi.spyOn(tx, 'query')
    await write(tx, 'last')
    sent = statements.mock.calls.map(([statement]) => String(statement))
    statements.mockRestore()
  })
  expect(sent).toEqual(['insert into written values ($1)', 'commit'])
  expect(await query(db, 'select what from written')).toEqual([{ what: 'work' }, { what: 'last' }])
})

it('the statements of one turn are one packet', async () => {
  const server = createServer((reading) => reading.resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = new TurnSocket().connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  const packets = vi.spyOn(socket, '_writev')
  for (const statement of ['one', 'two', 'three']) {
    socket.cork()
    socket.write(`parse ${statement}`)
    socket.write(`bind ${statement}`)
    socket.uncork()
  }
  socket.end()
  await once(socket, 'finish')
  expect(packets.mock.calls.map(([chunks]) => chunks.length)).toEqual([6])
  server.close()
})

it('text that Postgres cannot hold is left out of what it is sent, and nothing else is', async () => {
  const texts = ['a\0b', '\ud83d', '\udfff', 'a pair 😀', '\\u0000 is written', 'plain']
  const read: string[] = []
  for (const text of texts) {
    const { rows } = await db.query('select value from json_array_elements_text($1)', [toJson([text])])
    read.push(rows[0].value)
  }
  expect(read).toEqual(['ab', '\ufffd', '\ufffd', 'a pair 😀', '\\u0000 is written', 'plain'])
})

it('of statements sent together, none is left on its way when one fails, and nothing of them stays', async () => {
  await db.query('create table if not exists posthorn.written (what text); truncate posthorn.written')
  const small = openDb({ url: database.url, poolSize: 1, log: openLog('silent') })
  const write = (what: string, name: string) => ({ name, text: 'insert into written values ($1)', values: [what] })
  const failing = transaction(small, (tx) =>
    together(
      tx.query(write('one', 'first-insert')),
      tx.query('select 1 / 0'),
      // Refused by Postgres before it is prepared; it must be prepared again later.
      tx.query(write('two', 'second-insert')),
    ),
  )
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  await transaction(small, (tx) =>
    together(tx.query(write('three', 'first-insert')), tx.query(write('four', 'second-insert'))),
  )
  expect(await query(small, 'select what from written order by what')).toEqual([{ what: 'four' }, { what: 'three' }])
  await small.end()
})

it('a value that cannot be sent fails its statement, and the transaction with it', async () => {
  await db.query('create table if not exists posthorn.written (what text); truncate posthorn.written')
  const cyclic: { self?: object } = {}
  cyclic.self = cyclic
  const failing = transaction(db, (tx) =>
    together(
      tx.query('insert into written values ($1)', ['one']),
      tx.query('insert into written values ($1)', [cyclic]),
      tx.query('insert into written values ($1)', ['two']),
    ),
  )
  await expect(failing).rejects.toThrow('circular')
  expect(await query(db, 'select what from written')).toEqual([])
  expect(await transaction(db, async (tx) => (await tx.query('select 1 as one')).rows)).toEqual([{ one: 1 }])
})

it('a server that answers to none of several statements breaks that connection alone', async () => {
  const own = openDb({ url: database.url, poolSize: 1, log: openLog('silent'), timeoutMs: 60_000 })
  const late = transaction(own, (tx) =>
    together(tx.query({ text: 'select pg_sleep(2)', ...{ query_timeout: 300 } }), tx.query('select 2')),
  )
  const error = await late.catch((reason: unknown) => reason)
  expect(isDatabaseAway(error)).toBe(true)
  expect((await own.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await own.end()
})

it('reads sent together on one connection give it back as it was, or not at all', async () => {
  const own = openDb({ url: database.url, poolSize: 1, log: openLog('silent'), timeoutMs: 60_000 })
  const reads = await onOneConnection(own, (client) => together(client.query('select 1'), client.query('select 2')))
  expect(reads.map(({ rowCount }) => rowCount)).toEqual([1, 1])
  const failing = onOneConnection(own, (client) =>
    together(client.query('select from nowhere'), client.query('select 2')),
  )
  await expect(failing).rejects.toMatchObject({ code: '42P01' })
  const late = onOneConnection(own, (client) =>
    together(client.query({ text: 'select pg_sleep(2)', ...{ query_timeout: 300 } }), client.query('select 2')),
  )
  expect(isDatabaseAway(await late.catch((reason: unknown) => reason))).toBe(true)
  expect((await own.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await own.end()
})

it('another transaction’s lock, a read-only moment and a deadlock are the database’s moods, not our faults', async () => {
  const failing = async (...statements: string[]) => {
    const client = await db.connect()
    try {
      for (const statement of statements) await client.query(statement)
      return null
    } catch (error) {
      return error
    } finally {
      client.release(true)
    }
  }
  const readOnly = await failing('set default_transaction_read_only = on', 'create table posthorn.x ()')
  expect(readOnly).toMatchObject({ code: '25006' })
  expect(isDatabaseAway(readOnly)).toBe(true)
  for (const code of ['40001', '40P01', '58030'])
    expect(isDatabaseAway(await failing(`do $$ begin raise exception using errcode = '${code}'; end $$`)), code).toBe(
      true,
    )
  expect(isDatabaseAway(await failing('select from nowhere'))).toBe(false)
})

it('a batch is found by its ids where a table has some thousand rows', async () => {
  await db.query(
    `create table posthorn.thousands (id integer primary key, text text);
     insert into posthorn.thousands select i, repeat('x', 200) from generate_series(1, 4000) i; analyze posthorn.thousands`,
  )
  const ids = Array.from({ length: 60 }, (_, i) => i * 60)
  const { rows } = await db.query('explain select * from thousands where id = any($1)', [ids])
  expect(JSON.stringify(rows)).not.toContain('Seq Scan')
})

it('a session reads and writes alike, whatever the database sets for itself', async () => {
  const own = await freshDatabase()
  const [name] = new URL(own.url).pathname.split('/').slice(1)
  const admin = openDb({ url: own.url, poolSize: 1, log: openLog('silent') })
  for (const [setting, value] of Object.entries({
    datestyle: "'German, DMY'",
    intervalstyle: 'sql_standard',
    bytea_output: 'escape',
    standard_conforming_strings: 'off',
    default_transaction_isolation: 'serializable',
  }))
    await admin.query(`alter database ${name} set ${setting} to ${value}`)
  await admin.end()
  const pool = openDb({ url: own.url, poolSize: 1, log: openLog('silent') })
  const read = (reader: Pick<Db, 'query'>) =>
    reader.query(
      String.raw`select timestamptz '2026-02-01T00:00:00Z' as at, '\x00ff'::bytea as bytes, length('\x') as length, current_setting('transaction_isolation') as isolation`,
    )
  const expected = [
    { at: new Date('2026-02-01T00:00:00Z'), bytes: Buffer.from([0, 255]), length: 2, isolation: 'read committed' },
  ]
  expect((await read(pool)).rows).toEqual(expected)
  expect((await transaction(pool, read)).rows).toEqual(expected)
  await pool.end()
  await own.drop()
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

it('rows have their columns by the names of the code, and values as they are', async () => {
  const rows = await query(db, 'select 1 as one, now() is null as is_it_so, $1::json as as_json', ['{"a_b": 1}'])
  expect(rows).toEqual([{ one: 1, isItSo: false, asJson: { a_b: 1 } }])
  expect(await query(db, { name: 'named', text: 'select $1::text as a_word', values: ['x'] })).toEqual([{ aWord: 'x' }])
})
