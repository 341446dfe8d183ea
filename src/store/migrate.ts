// Brings the schema up to date: applies the numbered files of sql/ once each, in order, under a lock, so that any number of
// processes can start at once.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { query } from './db.ts'
import { jobsSchema } from './jobs/queues.ts'
import { applyMigration, type LockWait, type MigrateLog } from './migration.ts'
import { type MigrationFile, migrationFiles } from './migration-files.ts'
import { unusable } from './unusable.ts'

const lockKey = 0x706f7374 // 'post'
const askForLockEveryMs = 200
export const ownSchema = 'posthorn'

export interface MigrateOptions {
  /** The data directory of the embedded database; null for a database named by DATABASE_URL. */
  folder?: string | null
  log?: MigrateLog
  /** Where the numbered files are; default: sql/ of this package. */
  files?: string
  /** How long to wait for a lock before the transactions behind it go first, and how long to try. */
  locks?: LockWait
}

/** A second, which those who queue behind us can bear; and long enough for a dump to end. */
const defaultLocks: LockWait = { timeoutMs: 1000, withinMs: 3_600_000 }

/**
 * Applies the missing files and returns their names. Throws if another version made the schema, unless it only added files
 * to ours: a process of the previous version may restart while the next one is rolled out.
 */
export async function migrate(
  url: string,
  { folder = null, log, files, locks = defaultLocks }: MigrateOptions = {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'posthorn migrate' })
  await client.connect()
  try {
    await lock(client, log)
    for (const schema of [ownSchema, jobsSchema]) await ensureSchema(client, schema)
    // A limit of the role must not end a long build of an index.
    await client.query('set search_path to posthorn; set statement_timeout to 0')
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const known = await migrationFiles(files)
    const applied = await appliedTo(client)
    const difference = differenceOf(applied, known)
    if (difference) throw madeByAnother(difference, folder)
    const missing = known.filter(({ name }) => !applied.has(name))
    for (const file of missing) await applyMigration(client, file, { ...locks, log })
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
    const known = await migrationFiles()
    const missing = known.filter(({ name }) => !applied.has(name)).map(({ name }) => name)
    return { missing, difference: differenceOf(applied, known) }
  } finally {
    await client.end()
  }
}

/** Asks again and again: a session that waits within a statement would hold up whoever builds an index concurrently. */
async function lock(client: pg.Client, log: MigrateLog | undefined): Promise<void> {
  for (let asked = 0; ; asked++) {
    const [lock] = await query<{ free: boolean }>(client, 'select pg_try_advisory_lock($1) as free', [lockKey])
    if (lock?.free) return
    if (asked === 0) log?.info({}, 'another process is migrating the schema; waiting for it')
    await wait(askForLockEveryMs)
  }
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

/** How the applied files differ from ours; null if they do not, or only have later files in addition. */
function differenceOf(applied: Map<string, string>, known: MigrationFile[]): string | null {
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
