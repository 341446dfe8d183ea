// The fence, broken on purpose (--break fence): a worker that takes a call without an answer for one that was not taken,
// as most retry loops do. The ledger must show what that costs.
import pg from 'pg'

/** From here on this process reads every attempt without an answer as one that was refused. */
export function breakFence(): void {
  const query = pg.Client.prototype.query
  const misread = function (this: pg.Client, ...args: unknown[]): unknown {
    const [first] = args as [{ text?: string } | string]
    const text = typeof first === 'string' ? first : first?.text
    const answer: unknown = Reflect.apply(query, this, args)
    return text && readsAttempts.test(text) ? (answer as Promise<pg.QueryResult>).then(forget) : answer
  }
  pg.Client.prototype.query = misread as typeof query
}

const readsAttempts = /^\s*select a\.id, a\.notification_id, [^;]* from attempts a /

function forget(result: pg.QueryResult): pg.QueryResult {
  for (const row of result.rows) if (row.outcome === 'unknown') row.outcome = 'deferred'
  return result
}
