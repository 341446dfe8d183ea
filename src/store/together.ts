// Statements of one connection that are sent without waiting for each other's answers.
import type pg from 'pg'

/** Runs statements outside of a transaction on one connection, which takes fewer switches between processes than several. */
export async function onOneConnection<T>(db: pg.Pool, read: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.connect()
  let failure: Error | undefined
  try {
    return await read(client)
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    // After a failure it may be broken, as after a time-out: the pool does not keep it then.
    client.release(failure)
  }
}

/** What Postgres answers to the statements of a transaction behind the one that failed. */
const isRefused = (error: unknown) => error instanceof Error && 'code' in error && error.code === '25P02'

/**
 * Resolves with all answers, or throws the error of the one that failed, once all have been answered: none is left on its way
 * when the connection is given back. Postgres runs them one after the other, in the order in which they were sent.
 */
export async function together<T extends unknown[]>(...sent: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const answers = await Promise.allSettled(sent)
  const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  if (errors.length > 0) throw errors.find((error) => !isRefused(error)) ?? errors[0]
  return Promise.all(sent)
}
