// The pool of Postgres connections and what every store file shares: transactions, JSON rows,
// and the answer to "is the database away, or is this our bug?".
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { withSessionOptions } from './connection.ts'

const retryEveryMs = 1000
/** What SQL, and the driver's reading of its answers, lean on, whatever the database or the role sets for itself. */
export const stableSession = {
  datestyle: 'ISO,MDY',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read\\ committed',
}
/** Of each session of ours. */
export const sessionOptions = {
  search_path: 'posthorn',
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 15_000,
  ...stableSession,
}

export type Db = pg.Pool
export type Tx = pg.PoolClient
/** What reads alike in a transaction and outside one. */
export type Reader = Pick<pg.PoolClient, 'query'>

export interface DbOptions {
  url: string
  poolSize: number
  log: { warn(fields: object, text: string): void }
}

/** A server that is frozen, or cut off without a word, cannot end a statement by its own limit of 15 s. */
const queryTakesMs = 17_000
/** Whether it answers at all must be known sooner. */
const answersWithinMs = 3000

/** A lazy pool; every session works in the schema `posthorn` and gives up what takes longer than our promises allow. */
export function openDb({ url, poolSize, log }: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: withSessionOptions(url, sessionOptions),
    max: poolSize,
    application_name: 'posthorn',
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: queryTakesMs,
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  // Once the pool ends, its last ones may be cut short: nobody needs them.
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ code: codeOf(error) }, 'an idle database connection broke')
  })
  // The pool does not listen to one that is lent out: it tells its queries of the break, and then says so once more.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/**
 * Repeats `work` while the database is away, for `withinMs` (for good, where nothing is said); `away` is called at the
 * first failure. What else `work` throws is thrown at once.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { withinMs = Number.POSITIVE_INFINITY, away }: { withinMs?: number; away?: (error: unknown) => void } = {},
): Promise<T> {
  const until = performance.now() + withinMs
  for (let failures = 0; ; failures += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() >= until) throw error
      if (failures === 0) away?.(error)
      await wait(retryEveryMs)
    }
  }
}

/** Whether the database answers a question about our own tables right now, and takes what is written. */
export async function answers(db: Db): Promise<boolean> {
  const asked = db
    .query<{ writable: boolean }>(
      `select current_setting('transaction_read_only') = 'off' as writable, exists (select from events)`,
    )
    .then(
      ({ rows }) => rows[0]?.writable === true,
      () => false,
    )
  return Promise.race([asked, wait(answersWithinMs, false, { ref: false })])
}

/** Runs `work` in one transaction, read committed: committed before it resolves, rolled back if it throws. */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return between(db, 'begin isolation level read committed', work)
}

/** Reads several tables as of one moment, so that an answer does not contradict itself. */
export async function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return between(db, 'begin isolation level repeatable read read only', read)
}

async function between<T>(db: Db, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await db.connect()
  let broken: Error | undefined
  try {
    await tx.query(begin)
    const result = await work(tx)
    await tx.query('commit')
    return result
  } catch (error) {
    // Who did not answer will not answer that either.
    broken = isSilent(error) ? (error as Error) : await rollBack(tx)
    throw error
  } finally {
    tx.release(broken)
  }
}

function isSilent(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** A connection that cannot even roll back is not given back to the pool. */
async function rollBack(tx: Tx): Promise<Error | undefined> {
  try {
    await tx.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

const camelNames = new Map<string, string>()

/** Rows with their columns' names in camel case: `due_at` is `dueAt`. */
export async function query<T>(reader: Reader, sql: string | pg.QueryConfig, values?: unknown[]): Promise<T[]> {
  const { rows } = await reader.query<Record<string, unknown>>(typeof sql === 'string' ? { text: sql, values } : sql)
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) as T)
}

function camel(name: string): string {
  const known = camelNames.get(name) ?? name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase())
  camelNames.set(name, known)
  return known
}

/** Rows for `json_to_recordset`: one parameter for any number of rows. Postgres text takes no NUL and no lone surrogate. */
export function toJson(rows: unknown): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
  )
}

/**
 * Postgres's classes 08 (connection), 53 (resources), 57 (operator intervention) and 58 (its system), a database that is
 * read-only for a while (25006, as in a failover), transactions that stood in each other's way (40001, 40P01), and what a
 * socket says.
 */
const away =
  /^(08...|53...|57P..|57014|58...|55P03|25P03|25006|40001|40P01|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/

/** True where the database, and not the statement, is at fault: the same call may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  const code = codeOf(error)
  // A server behind a Unix socket takes the socket with it.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect'
  if (code) return away.test(code)
  if (isSilent(error)) return true
  return /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after)/.test(
    error.message,
  )
}

/** Postgres's code for it, or the system's. */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
