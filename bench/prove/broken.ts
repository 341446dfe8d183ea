// Breaks the fence on purpose (--break fence): the process treats a call without an answer as refused, as most retry loops do.
// The ledger must show the duplicates.
import pg from 'pg'

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

const readsAttempts = /^\s*select a\.id, a\.notification_id, [^;]* from attempts a /

function asDeferred(result: pg.QueryResult): pg.QueryResult {
  for (const row of result.rows) if (row.outcome === 'unknown') row.outcome = 'deferred'
  return result
}
