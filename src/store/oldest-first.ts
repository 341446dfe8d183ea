// The order in which a pool gives out its idle connections.
import type pg from 'pg'

interface Idle {
  client: object
}

/**
 * Gives out the oldest idle connection, where the driver gives out the one returned last: the first use of a table or statement in
 * a session costs Postgres milliseconds, so that few sessions do most of the work and further ones only what comes at the same time.
 */
export function oldestFirst(pool: pg.Pool): void {
  const ages = new WeakMap<object, number>()
  let opened = 0
  pool.on('connect', (client) => ages.set(client, opened++))
  // Told just before the connection becomes idle.
  pool.on('release', () => queueMicrotask(() => idleOf(pool).sort((a, b) => ageOf(b) - ageOf(a))))
  const ageOf = ({ client }: Idle) => ages.get(client) ?? 0
}

/** The pool's own list, of which it takes the last. */
function idleOf(pool: pg.Pool): Idle[] {
  return '_idle' in pool ? (pool._idle as Idle[]) : []
}
