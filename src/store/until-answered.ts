// Waits for a database that is unavailable.
import { setTimeout as wait } from 'node:timers/promises'
import { isDatabaseAway } from './db.ts'

const retryEveryMs = 1000

/**
 * Repeats `work` while the database is unavailable, for `withinMs` (default: without limit); calls `away` at the first
 * failure. Any other error is thrown at once.
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
