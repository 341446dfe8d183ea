// Wakes this process's workers of queues in which a job has become due: NOTIFY reports only jobs that are due when enqueued.
import { query, type Reader } from '../db.ts'
import { jobsSchema } from './queues.ts'

export interface DueWatch {
  /** Calls `wake` when a job of the queue is due. */
  add(queue: string, wake: () => void): void
  stop(): void
}

const everyMs = 500

export function watchDue(db: Reader): DueWatch {
  const wakes = new Map<string, () => void>()
  let timer: NodeJS.Timeout | null = null
  let isStopped = false

  async function wakeDue(): Promise<void> {
    for (const queue of await dueQueues(db, [...wakes.keys()])) wakes.get(queue)?.()
  }

  function later(): void {
    // While the database is away, the workers' own polls report it.
    const run = () =>
      void wakeDue()
        .catch(() => {})
        .finally(later)
    timer = isStopped ? null : setTimeout(run, everyMs)
  }

  return {
    add(queue, wake) {
      wakes.set(queue, wake)
      if (!timer) later()
    },
    stop() {
      isStopped = true
      if (timer) clearTimeout(timer)
    },
  }
}

/**
 * A named statement, because each queue is a table with many indexes: to plan it takes ten times as long as to run it. A
 * plan made while the queues were short reads them whole until autovacuum, within a minute or two, has seen that they grew.
 */
async function dueQueues(db: Reader, queues: string[]): Promise<string[]> {
  const rows = await query<{ name: string }>(db, {
    name: 'due-queues',
    text: `select q.name from unnest($1::text[]) as q(name) cross join lateral (
       select from ${jobsSchema}.job j
       where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now() limit 1) due`,
    values: [queues],
  })
  return rows.map(({ name }) => name)
}
