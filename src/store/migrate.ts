// Brings the schema up to date: applies the numbered files of sql/ once each, in order, under a lock, so that any number of
// processes can start at once.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { packageRoot } from '../package-root.ts'
import { query } from './db.ts'
import { jobsSchema } from './jobs/queues.ts'
import { unusable } from './unusable.ts'

const lockKey = 0x706f7374 // 'post'
export const ownSchema = 'posthorn'

export interface MigrateOptions {
  /** The data directory of the embedded database; null for a database named by DATABASE_URL. */
  folder?: string | null
  log?: { info(fields: object, text: string): void }
}

interface File {
  name: string
  sql: string
  checksum: string
}

/**
 * Applies the missing files and returns their names. Throws if another version made the schema, unless it only added files
 * to ours: a process of the previous version may restart while the next one is rolled out.
 */
export async function migrate(url: string, { folder = null, log }: MigrateOptions = {}): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'posthorn migrate' })
  await client.connect()
  try {
    await lock(client, log)
    for (const schema of [ownSchema, jobsSchema]) await ensureSchema(client, schema)
    await client.query('set search_path to posthorn')
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const known = await files()
    const applied = await appliedTo(client)
    const difference = differenceOf(applied, known)
    if (difference) throw madeByAnother(difference, folder)
    const missing = known.filter(({ name }) => !applied.has(name))
    for (const file of missing) await apply(client, file)
    return missing.map(({ name }) => name)
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501') throw lacksRights(error)
    throw error
  } finally {
    await client.end()
  }
}

/** The files that the schema lacks, and how it differs from ours otherwise; changes nothing. */
export async function schemaState(url: string): Promise<{ missing: string[]; difference: string | null }> {
  const client = new pg.Client({ connectionString: url, application_name: 'posthorn doctor' })
  await client.connect()
  try {
    const [found] = await query<{ isThere: boolean }>(
      client,
      `select to_regclass('${ownSchema}.migrations') is not null as is_there`,
    )
    const applied = found?.isThere ? await appliedTo(client) : new Map<string, string>()
    const known = await files()
    const missing = known.filter(({ name }) => !applied.has(name)).map(({ name }) => name)
    return { missing, difference: differenceOf(applied, known) }
  } finally {
    await client.end()
  }
}

async function lock(client: pg.Client, log: MigrateOptions['log']): Promise<void> {
  const [lock] = await query<{ free: boolean }>(client, 'select pg_try_advisory_lock($1) as free', [lockKey])
  if (lock?.free) return
  log?.info({}, 'another process is migrating the schema; waiting for it')
  await client.query('select pg_advisory_lock($1)', [lockKey])
}

/** Checked first, because `if not exists` needs the right to create a schema even if it exists. */
async function ensureSchema(client: pg.Client, name: string): Promise<void> {
  const [schema] = await query<{ missing: boolean }>(client, 'select to_regnamespace($1) is null as missing', [name])
  if (schema?.missing) await client.query(`create schema if not exists ${name}`)
}

async function appliedTo(client: pg.Client): Promise<Map<string, string>> {
  const rows = await query<{ name: string; checksum: string }>(
    client,
    `select name, checksum from ${ownSchema}.migrations order by name`,
  )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

async function apply(client: pg.Client, { name, sql, checksum }: File): Promise<void> {
  await client.query(`begin;${sql};insert into migrations (name, checksum) values ('${name}', '${checksum}');commit`)
}

async function files(): Promise<File[]> {
  const folder = path.join(packageRoot(), 'sql')
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** How the applied files differ from ours; null if they do not, or only have later files in addition. */
function differenceOf(applied: Map<string, string>, known: File[]): string | null {
  const changed = known.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum)
  if (changed) return `sql/${changed.name} was changed after it was applied`
  const [unknown] = [...applied.keys()].filter((name) => !known.some((file) => file.name === name))
  const isNewer = known.every(({ name }) => applied.has(name) && name < (unknown ?? ''))
  return unknown === undefined || isNewer ? null : `it has sql/${unknown}, which this version does not have`
}

function madeByAnother(difference: string, folder: string | null): Error {
  const what = `was made by another version of Posthorn (${difference}): start that version, or`
  return folder
    ? unusable('DATA_DIR', `holds a database that ${what} remove the folder ${folder} to begin with an empty one`)
    : unusable(
        'DATABASE_URL',
        `names a database whose schema posthorn ${what} drop that schema to begin with an empty one`,
      )
}

function lacksRights(error: Error): Error {
  const fix = [ownSchema, jobsSchema].map((name) => `create schema ${name} authorization …`).join('; ')
  return unusable('DATABASE_URL', `names a role that lacks a privilege: give it schemas of its own (${fix})`, error)
}
