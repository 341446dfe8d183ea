// Applying the files of sql/ to a database that is in use: nobody queues behind a migration, and an index is built beside traffic.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { migrationFiles, separateStatements } from '../../src/store/migration-files.ts'
import { emptyDatabase, failureOf } from '../helper/empty-database.ts'

let database: Awaited<ReturnType<typeof emptyDatabase>>
let files: string
let cleanup: AsyncDisposableStack
beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = await emptyDatabase()
  cleanup.defer(database.drop)
  files = await mkdtemp(path.join(tmpdir(), 'posthorn-sql-'))
  cleanup.defer(() => rm(files, { recursive: true }))
})
afterEach(() => cleanup.disposeAsync())

const file = (name: string, sql: string) => writeFile(path.join(files, name), sql)

async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, options: '-c search_path=posthorn' })
  await client.connect()
  cleanup.defer(() => client.end())
  return client
}

const isValid = async (index: string) =>
  (await (await session()).query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [index])).rows[0]
    ?.indisvalid

it('a migration that waits for a long transaction lets all others pass, says who is in the way, and is applied in the end', async () => {
  await file('001-letters.sql', 'create table letters (id integer)')
  await migrate(database.url, { files })
  await file('002-stamps.sql', 'alter table letters add column stamp text')
  const [reader, writer] = [await session(), await session()]
  await reader.query('begin')
  const { rows } = await reader.query('select count(*), pg_backend_pid() as pid from letters')
  const waits = Promise.withResolvers<{ fields: object; text: string }>()
  const migrating = migrate(database.url, {
    files,
    locks: { timeoutMs: 20, withinMs: 600_000 },
    log: { info: (fields, text) => waits.resolve({ fields, text }) },
  })
  expect(await waits.promise).toMatchObject({
    fields: { file: '002-stamps.sql', oldest: [{ pid: rows[0].pid }] },
    text: 'a migration waits for transactions to end; it lets others pass and tries again',
  })
  expect((await writer.query('insert into letters values (1)')).rowCount).toBe(1)
  await reader.query('commit')
  expect(await migrating).toEqual(['002-stamps.sql'])
})

it('a migration that never gets its lock gives up, and leaves nothing half done', async () => {
  await file('001-letters.sql', 'create table letters (id integer)')
  await migrate(database.url, { files })
  await file('002-stamps.sql', 'create table stamps (id integer); alter table letters add column stamp text')
  const reader = await session()
  await reader.query('begin')
  await reader.query('select from letters')
  const locks = { timeoutMs: 20, withinMs: 0 }
  expect((await failureOf(migrate(database.url, { files, locks }))).message).toContain('lock timeout')
  await reader.query('commit')
  const { rows } = await reader.query(`select to_regclass('stamps') as stamps`)
  expect(rows).toEqual([{ stamps: null }])
  expect(await migrate(database.url, { files, locks })).toEqual(['002-stamps.sql'])
})

it('an index is built outside a transaction by one of several processes that start together', async () => {
  await file('001-letters.sql', 'create table letters (id integer, stamp text)')
  await file(
    '002-letters-by-stamp.sql',
    `-- outside a transaction
     -- An index; with a comment that ends in a semicolon;
     create index concurrently if not exists letters_by_stamp on letters (stamp);
     create index concurrently if not exists letters_by_id on letters (id);`,
  )
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, { files })))
  expect(applied.flat()).toEqual(['001-letters.sql', '002-letters-by-stamp.sql'])
  expect([await isValid('letters_by_stamp'), await isValid('letters_by_id')]).toEqual([true, true])
})

it('an index that was left half done is made again', async () => {
  await file('001-letters.sql', 'create table letters (id integer); insert into letters values (1), (1)')
  await file(
    '002-one-letter-each.sql',
    '-- outside a transaction\ncreate unique index concurrently if not exists one_letter_each on letters (id);',
  )
  expect((await failureOf(migrate(database.url, { files }))).message).toContain('could not create unique index')
  expect(await isValid('one_letter_each')).toBe(false)
  await (await session()).query('delete from letters where ctid = (select min(ctid) from letters)')
  expect(await migrate(database.url, { files })).toEqual(['002-one-letter-each.sql'])
  expect(await isValid('one_letter_each')).toBe(true)
})

it('outside a transaction, where a statement waits for its lock without limit, indexes alone are made and dropped', async () => {
  const statements = (await migrationFiles()).flatMap((file) => separateStatements(file) ?? [])
  expect(statements).not.toEqual([])
  for (const statement of statements) expect(statement).toMatch(/^(create (unique )?index|drop index) concurrently /)
})
