// Deletes the jobs that were left as alarms of work begun at once. It does so a moment after the work is done, many together, so
// that the work that follows goes first.
import type { PgBoss } from 'pg-boss'

export interface Alarms {
  /** Deletes it soon, with others of its queue. One that becomes due nevertheless finds nothing to do. */
  turnOff(queue: string, id: string): void
  /** Deletes those that are still to be deleted. */
  flush(): Promise<void>
}

/** Much less than the time after which an alarm becomes due. */
const gatherMs = 250

export function alarmsOf(boss: PgBoss): Alarms {
  const toDelete = new Map<string, string[]>()
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const all = [...toDelete]
    toDelete.clear()
    await Promise.all(all.map(([queue, ids]) => boss.deleteJob(queue, ids).catch(() => {})))
  }

  return {
    turnOff(queue, id) {
      const ids = toDelete.get(queue)
      if (ids) ids.push(id)
      else toDelete.set(queue, [id])
      timer ??= setTimeout(() => void flush(), gatherMs)
    },
    flush,
  }
}
