// The pool of Postgres connections, and what all statements share: transactions, rows as JSON, and the distinction between
// an unavailable database and a bug.
import pg from 'pg'
import { noteBegin, noteCommit, noteEnd } from './after-commit.ts'
import { planning, sessionOptions, withSessionOptions } from './connection.ts'
import { oldestFirst } from './oldest-first.ts'
import { camel, renamed, snake } from './row-names.ts'
import { together } from './together.ts'
import { TurnSocket } from './turn-socket.ts'

export type Db = pg.Pool
export type Tx = pg.PoolClient
/** Runs statements, in a transaction or outside one. */
export type Reader = Pick<pg.PoolClient, 'query'>

export interface DbOptions {
  url: string
  poolSize: number
  log: { warn(fields: object, text: string): void }
  /** How long a statement may take. */
  timeoutMs?: number
  /** How long to wait for a connection. */
  connectTimeoutMs?: number
  /** Further options of its sessions. */
  session?: Record<string, string>
}

/** What the client waits beyond a statement's limit: a frozen or silently disconnected server cannot apply the limit itself. */
const queryGraceMs = 2000

/** A lazy pool whose sessions use the schema `posthorn` and limit how long a statement may take. */
export function openDb({ url, poolSize, log, session, ...limits }: DbOptions): Db {
  const { timeoutMs = sessionOptions.statement_timeout, connectTimeoutMs = 3000 } = limits
  const pool = new pg.Pool({
    connectionString: withSessionOptions(url, {
      ...sessionOptions,
      ...planning,
      statement_timeout: timeoutMs,
      ...session,
    }),
    max: poolSize,
    application_name: 'posthorn',
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: timeoutMs + queryGraceMs,
    pipeline: true, // Statements are sent at once; in a transaction, those behind a failed one are refused.
    stream: () => new TurnSocket(),
  })
  oldestFirst(pool)
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  // Connections that break while the pool ends are not worth a log line.
  pool.on('error', (error) => {
    if (!pool.ending) log.warn({ code: codeOf(error) }, 'idle database connection broken')
  })
  // The pool does not listen to a client in use: its query fails, and then it emits `error`, which must have a listener.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Runs `work` in one transaction, read committed: committed before it resolves, rolled back if it throws. */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transactionAfter(db, async () => {}, work)
}

/**
 * As `transaction`. What `first` sends goes with the BEGIN, and `work` gets what it read. `first` may only lock and read: what
 * it wrote would stay if the BEGIN failed. What `last` sends, all of it before it first waits, goes with the COMMIT: rows for
 * which others wait are then locked no longer than Postgres takes. If Postgres refuses it, all is rolled back; what `last` itself
 * throws, before it sends or at the answers, comes too late for that: so what may fail, such as JSON of much, is made in `work`.
 */
export async function transactionAfter<T, F>(
  db: Db,
  first: First<F>,
  work: Work<T, F>,
  last: Last = async () => {},
): Promise<T> {
  return inTransaction(db, { begin: 'begin isolation level read committed', first, last }, work)
}

/** Reads several tables in one snapshot, so that the results are consistent. */
export async function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  const begin = 'begin isolation level repeatable read read only'
  return inTransaction(db, { begin, first: read, last: async () => {} }, async (_tx, found) => found)
}

type First<F> = (tx: Tx) => Promise<F>
type Work<T, F> = (tx: Tx, found: F) => Promise<T>

type Last = (tx: Tx) => Promise<unknown>

/** What is sent around the work of a transaction. */
interface Frame<F> {
  begin: string
  first: First<F>
  last: Last
}

async function inTransaction<T, F>(db: Db, { begin, first, last }: Frame<F>, work: Work<T, F>): Promise<T> {
  const tx = await db.connect()
  noteBegin(tx)
  let broken: Error | undefined
  try {
    const [, found] = await together(tx.query(begin), first(tx))
    const result = await work(tx, found)
    // Behind a statement that failed, Postgres answers the COMMIT with a rollback.
    await together(last(tx), tx.query('commit'))
    noteCommit(tx)
    return result
  } catch (error) {
    // A server that did not answer would not answer a rollback either.
    broken = isQueryTimeout(error) ? (error as Error) : await rollBack(tx)
    throw error
  } finally {
    noteEnd(tx)
    tx.release(broken)
  }
}

/** Returns the error of a connection that cannot roll back and so must not return to the pool. */
async function rollBack(tx: Tx): Promise<Error | undefined> {
  try {
    await tx.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Rows with column names in camel case: `due_at` becomes `dueAt`. */
export async function query<T>(reader: Reader, sql: string | pg.QueryConfig, values?: unknown[]): Promise<T[]> {
  const { rows } = await reader.query<object>(typeof sql === 'string' ? { text: sql, values } : sql)
  return toRows(rows)
}

/** The same, of rows that another client has read. */
export function toRows<T>(rows: object[]): T[] {
  return rows.map((row) => renamed(row, camel) as T)
}

/** One parameter for `json_to_recordset`: rows whose columns get their names in snake case again. */
export function toRecords(rows: object[]): string {
  return toJson(rows.map((row) => renamed(row, snake)))
}

/** What JSON writes for NULs and lone surrogates, and for a backslash before a `u`. */
const escapedUnit = /\\u(?:0000|d[89a-f])/

/** One parameter for `json_to_recordset`, without the NULs and lone surrogates that Postgres text cannot hold. */
export function toJson(rows: unknown): string {
  const json = JSON.stringify(rows)
  if (!escapedUnit.test(json)) return json
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
  )
}

/**
 * Postgres's error classes 08 (connection), 53 (resources), 57 (operator intervention) and 58 (system), lock and
 * transaction time-outs, a temporarily read-only database (25006, as in a failover), conflicting transactions (40001,
 * 40P01), and socket errors.
 */
const away =
  /^(08...|53...|57P..|57014|58...|55P03|25P03|25006|40001|40P01|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/

/** True if the database, and not the statement, is at fault: the same call may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  const code = codeOf(error)
  // A Unix socket disappears with its server.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect'
  if (code) return away.test(code)
  if (isQueryTimeout(error)) return true
  return /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after)/.test(
    error.message,
  )
}

/** The error code of Postgres or of the system. */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** True if the client gave up waiting for the server. */
export function isQueryTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}
