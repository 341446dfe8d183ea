// What is broken on purpose. `--break fence`: the process treats a call without an answer as refused, as most retry loops do;
// the ledger must show the duplicates. `--break flush`: a commit is answered before it is on disk; a loss of power must show it.
import pg from 'pg'
import { withSessionOptions } from '../../src/store/connection.ts'

/** From now on this process reads every `unknown` attempt as `deferred`. */
export function breakFence(): void {
  const query = pg.Client.prototype.query
  const misread = function (this: pg.Client, ...args: unknown[]): unknown {
    const [first] = args as [{ text?: string } | string]
    const text = typeof first === 'string' ? first : first?.text
    const answer: unknown = Reflect.apply(query, this, args)
    return text && readsAttempts.test(text) ? (answer as Promise<pg.QueryResult>).then(asDeferred) : answer
  }
  pg.Client.prototype.query = misread as typeof query
}

/** The URL of sessions whose commits do not wait for the disk. */
export function unflushed(url: string): string {
  return withSessionOptions(url, { synchronous_commit: 'off' })
}

const readsAttempts = /^\s*select a\.id, a\.notification_id, [^;]* from attempts a /

function asDeferred(result: pg.QueryResult): pg.QueryResult {
  for (const row of result.rows) if (row.outcome === 'unknown') row.outcome = 'deferred'
  return result
}
