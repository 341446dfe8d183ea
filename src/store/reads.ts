// The connections that answer questions: few, read-only and with a short time limit, so that slow searches take none from
// accepting and delivering.
import { codeOf, type Db, isQueryTimeout, openDb } from './db.ts'

export interface Reads {
  /** The database itself, for what must see everything that was committed before. */
  db: Db
  /** Runs a search on the replica; on the database itself if there is no replica, or while it does not answer. */
  search<T>(run: (db: Db) => Promise<T>): Promise<T>
  end(): Promise<void>
}

export interface ReadsOptions {
  url: string
  /** Null without a replica. */
  replicaUrl: string | null
  poolSize: number
  log: { warn(fields: object, text: string): void }
}

const timeoutMs = 3000
/** How long searches go to the database itself after the replica failed. */
const avoidedForMs = 10_000

export function openReads({ url, replicaUrl, poolSize, log }: ReadsOptions): Reads {
  const open = (from: string, connectTimeoutMs: number) =>
    openDb({ url: from, poolSize, log, timeoutMs, connectTimeoutMs, session: { default_transaction_read_only: 'on' } })
  const db = open(url, timeoutMs)
  const replica = replicaUrl === null ? null : open(replicaUrl, timeoutMs / 3)
  let avoidedUntil = 0
  return {
    db,
    async search(run) {
      if (!replica || performance.now() < avoidedUntil) return run(db)
      try {
        return await run(replica)
      } catch (error) {
        // Elsewhere it would be as slow. Any other fault may be the replica's alone: it may lag behind the schema.
        if (isTooSlow(error)) throw error
        avoidedUntil = performance.now() + avoidedForMs
        const code = error instanceof Error ? (codeOf(error) ?? error.message) : String(error)
        log.warn({ error: code, avoidedForMs }, 'read replica failed; searching the database itself')
        return run(db)
      }
    },
    async end() {
      await Promise.all([db.end(), replica?.end()])
    },
  }
}

/** True if the statement took longer than it may, or waited too long for a connection because all of the pool were in use. */
export function isTooSlow(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return codeOf(error) === '57014' || isQueryTimeout(error) || isPoolBusy(error)
}

/** True if no connection of the pool became free in time. */
export function isPoolBusy(error: Error): boolean {
  return error.message === 'timeout exceeded when trying to connect'
}
