// Applies one file of sql/: in a transaction that waits only briefly for its locks and is tried again, or statement by statement.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { query } from './db.ts'
import { type MigrationFile, separateStatements } from './migration-files.ts'

const pauseMs = 500
/** A lock was not free in time, or two sessions waited for each other. */
const lockCodes = ['55P03', '40P01']

export interface MigrateLog {
  info(fields: object, text: string): void
}

export interface LockWait {
  timeoutMs: number
  withinMs: number
}

interface Patience extends LockWait {
  log: MigrateLog | undefined
}

/**
 * Whoever comes after a waiting `alter table` waits behind it. So the wait for a lock is short, what came in between goes
 * first, and the file is tried again for `withinMs`; then the server's error is thrown.
 */
export async function applyMigration(client: pg.Client, file: MigrationFile, patience: Patience): Promise<void> {
  const statements = separateStatements(file)
  if (statements) return applySeparately(client, file, statements)
  const { name, sql } = file
  const { timeoutMs, withinMs, log } = patience
  const until = performance.now() + withinMs
  await client.query(`set lock_timeout to ${timeoutMs}`)
  for (let tries = 1; ; tries++) {
    try {
      await client.query(`begin;${sql};${recorded(file)};commit`)
      return
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (!isLocked(error) || performance.now() >= until) throw error
      if (tries === 1) log?.info({ file: name, oldest: await oldestTransactions(client) }, waits)
      await wait(pauseMs)
    }
  }
}

const waits = 'a migration waits for transactions to end; it lets others pass and tries again'

/**
 * Builds of indexes wait for older transactions, and nobody waits behind them. What a killed process left half done, an invalid
 * index, is made again.
 */
async function applySeparately(client: pg.Client, file: MigrationFile, statements: string[]): Promise<void> {
  await client.query('set lock_timeout to 0')
  for (const statement of statements) {
    const index = /^create (?:unique )?index concurrently(?: if not exists)? (\w+)/i.exec(statement)?.[1]
    if (index && (await isInvalid(client, index))) await client.query(`drop index concurrently ${index}`)
    await client.query(statement)
  }
  await client.query(recorded(file))
}

async function isInvalid(client: pg.Client, index: string): Promise<boolean> {
  const found = await query(client, 'select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    index,
  ])
  return found.length > 0
}

const recorded = ({ name, checksum }: MigrationFile) =>
  `insert into migrations (name, checksum) values ('${name}', '${checksum}')`

function isLocked(error: unknown): boolean {
  return error instanceof pg.DatabaseError && lockCodes.includes(error.code ?? '')
}

/** The processes whose transactions are most likely in the way, the oldest first. */
async function oldestTransactions(client: pg.Client): Promise<object[]> {
  return query(
    client,
    `select pid, application_name, extract(epoch from now() - xact_start)::integer as seconds from pg_stat_activity
     where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()
     order by xact_start limit 3`,
  )
}
