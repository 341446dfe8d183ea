// DATABASE_BACKEND at the start, on plain Postgres: a proxy makes it say that it is another server, and settings and tables stand
// in for those of Citus.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Backend, backends, serverOf, traitsOf } from '../../src/store/backends.ts'
import { whyNotWithCitus } from '../../src/store/citus.ts'
import { isUnusable } from '../../src/store/unusable.ts'
import { waitForDatabase } from '../../src/store/wait-for-database.ts'
import { run } from '../helper/database-setup.ts'
import { emptyDatabase, failureOf } from '../helper/empty-database.ts'
import { asServer, startTcpProxy } from '../helper/tcp-proxy.ts'

const cockroach = 'CockroachDB CCL v26.1.2 (x86_64-pc-linux-gnu, built 2026/03/12)'
const yugabyte = 'PostgreSQL 15.12-YB-2025.2.3.0-b1 on x86_64-pc-linux-gnu'

it.each<[string, boolean, Backend]>([
  ['PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit', false, 'postgres'],
  ['PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit', true, 'citus'],
  [yugabyte, false, 'yugabytedb'],
  [cockroach, false, 'cockroachdb'],
])('%s, with Citus: %s, is %s', (version, hasCitus, server) => {
  expect(serverOf({ version, hasCitus })).toBe(server)
})

describe('what a server lacks', () => {
  it('is what exactly the named files of the schema use', async () => {
    const uses: Record<string, RegExp> = {
      'transition tables of triggers': /\breferencing (old|new) table\b/,
      'triggers on TRUNCATE': /\bbefore truncate\b/,
      'storage parameters of indexes': /create index[^;]* with \(/,
      'the system column ctid': /\bctid\b/,
      'EXECUTE, PERFORM and loops over queries in PL/pgSQL':
        /^\s*(execute format|perform |for .* in( select)?$|for .* loop$)/m,
      'partitions that are attached and detached': /\b(attach|detach) partition\b/,
    }
    const folder = path.join(import.meta.dirname, '../../sql')
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
    const files = await Promise.all(
      names.map(async (name) => ({ name: `sql/${name}`, sql: await readFile(path.join(folder, name), 'utf8') })),
    )
    const lacks = backends.flatMap((backend) => traitsOf(backend).lacks)
    const ofTheSchema = lacks.filter(({ neededBy }) => neededBy.every((name) => name.startsWith('sql/')))
    expect(new Set(ofTheSchema.map(({ what }) => what))).toEqual(new Set(Object.keys(uses)))
    for (const { what, neededBy } of ofTheSchema)
      expect(
        files.filter(({ sql }) => uses[what]?.test(sql)).map(({ name }) => name),
        what,
      ).toEqual(neededBy)
  })

  it.each(['yugabytedb', 'cockroachdb'] as const)('of %s has a source for every line', (backend) => {
    expect(traitsOf(backend).lacks).not.toEqual([])
    for (const { source } of traitsOf(backend).lacks) expect(URL.canParse(source), source).toBe(true)
  })
})

let database: Awaited<ReturnType<typeof emptyDatabase>>
let cleanup: AsyncDisposableStack
const onDatabase = async () => {
  cleanup = new AsyncDisposableStack()
  database = await emptyDatabase()
  cleanup.defer(database.drop)
}
const dropped = () => cleanup.disposeAsync()

/** What a start logs. */
async function told(url: string, backend?: Backend): Promise<string[]> {
  const lines: string[] = []
  const log = { warn: (_fields: object, text: string) => lines.push(text) }
  await waitForDatabase(url, { withinMs: 0, log, ...(backend && { backend }) })
  return lines
}

/** The address of the database as that of another server, by what `version()` says. */
async function sayingItIs(version: string): Promise<string> {
  const proxy = await startTcpProxy({ answers: asServer(version) })
  cleanup.defer(proxy.close)
  return proxy.through(database.url)
}

async function refusal(url: string, backend?: Backend): Promise<string> {
  const error = await failureOf(told(url, backend))
  expect(isUnusable(error)).toBe(true)
  return error.message
}

describe('a server that cannot run our schema', () => {
  beforeEach(onDatabase)
  afterEach(dropped)

  it.each(['postgres', 'cockroachdb', 'yugabytedb'] as const)(
    'is refused in one line, before anything is made, whatever DATABASE_BACKEND says: %s',
    async (backend) => {
      const url = await sayingItIs(cockroach)
      const line = await refusal(url, backend)
      expect(line).toMatch(/^DATABASE_URL names a server of CockroachDB, which lacks what Posthorn needs: [^\n]+$/)
      for (const { what, neededBy } of traitsOf('cockroachdb').lacks)
        expect(line).toContain(`${what} (${neededBy.join(', ')})`)
      expect(await refusal(await sayingItIs(yugabyte), backend)).toContain('names a server of YugabyteDB')
    },
  )
})

describe('the start says', () => {
  beforeEach(onDatabase)
  afterEach(dropped)

  it('nothing of the default', async () => {
    expect(await told(database.url)).toEqual([])
    expect(await told(database.url, 'postgres')).toEqual([])
  })

  it('that the others are experimental, that this server is another one, and what is left off', async () => {
    const [citus] = await told(database.url, 'citus')
    expect(citus).toBe(
      'DATABASE_BACKEND citus is experimental; the server is Postgres and not Citus, so that this tries only how the queue works there',
    )
    const [cockroachdb] = await told(database.url, 'cockroachdb')
    expect(cockroachdb).toBe(
      'DATABASE_BACKEND cockroachdb is experimental; the server is Postgres and not CockroachDB, so that this tries only how the queue works there; NOTIFY does not wake workers, which look for jobs twice a second; nobody watches who holds the xmin horizon',
    )
    const [yugabytedb] = await told(database.url, 'yugabytedb')
    expect(yugabytedb).toContain('pg-boss no longer supports it, and will refuse it in its next major version')
  })
})

describe('Citus', () => {
  beforeEach(onDatabase)
  afterEach(dropped)

  const partitions = (schema: string) =>
    `create table ${schema}.pg_dist_partition (logicalrelid regclass, partmethod "char", colocationid integer, repmodel "char")`
  const eventsThatAre = (row: string) =>
    `create schema posthorn; create table posthorn.events (id integer); ${partitions('posthorn')};
     insert into posthorn.pg_dist_partition values ('posthorn.events', ${row})`

  it('is known by its catalog, and our tables may be local ones of it', async () => {
    await run(database.url, eventsThatAre(`'n', 0, 's'`))
    expect(await told(database.url, 'citus')).toEqual(['DATABASE_BACKEND citus is experimental'])
    expect(await told(database.url)).toEqual([])
  })

  it.each([
    ['distributed by a column', `'h', 1, 's'`],
    ['a reference table', `'n', 2, 't'`],
    ['of a distributed schema', `'n', 3, 's'`],
  ])('with a table of ours that is %s is refused', async (_, row) => {
    await run(database.url, eventsThatAre(row))
    expect(await refusal(database.url)).toMatch(
      /^DATABASE_URL names a server of Citus that distributes events: make it a local table/,
    )
  })

  it('that distributes each new schema is refused before it makes ours', async () => {
    await run(database.url, partitions('public'))
    const client = new pg.Client({ connectionString: database.url, options: '-c search_path=public' })
    await client.connect()
    cleanup.defer(() => client.end())
    expect(await whyNotWithCitus(client)).toBe(null)
    await client.query('set citus.enable_schema_based_sharding to on')
    expect(await whyNotWithCitus(client)).toBe(
      'names a server of Citus that distributes each new schema: set citus.enable_schema_based_sharding to off for its role',
    )
    await client.query('create schema posthorn')
    expect(await whyNotWithCitus(client), 'then its tables tell').toBe(null)
  })
})
