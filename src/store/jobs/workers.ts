// Starts the workers of a stage, in every queue that it has.
import type { PgBoss } from 'pg-boss'
import type { DueWatch } from './due.ts'
import { type Fetchers, fetchersOf } from './fetchers.ts'
import { queues, type Stage } from './queues.ts'
import { type JobData, type Work, type WorkerPool, workerPool } from './worker-pool.ts'

export interface WorkersContext {
  boss: PgBoss
  /** By queue, as the fetchers are. */
  pools: Map<string, WorkerPool>
  fetchers: Map<string, Pick<Fetchers<never, never>, 'wake'>>
  due: DueWatch | undefined
  log: { warn(fields: object, text: string): void }
}

/** How often workers look by themselves, at the least, where others tell them of jobs. */
const seldomSeconds = 30

/** Has a NOTIFY wake one worker, where pg-boss would wake all of the queue. To be called before it starts. */
export function wakeOneAtATime(boss: PgBoss, fetchers: WorkersContext['fetchers']): void {
  const database = boss.getDb()
  const { listen } = database
  database.listen =
    listen &&
    ((channel, _wakeAll, onReconnect) =>
      listen.call(database, channel, (queue) => fetchers.get(queue)?.wake(), onReconnect))
}

export async function startWorkers(
  { boss, pools, fetchers, due, log }: WorkersContext,
  stage: Stage,
  work: Work,
): Promise<void> {
  for (const [place, queue] of queues.entries()) {
    if (queue.stage !== stage) continue
    const { name, batchSize, localConcurrency, atWork, atOnce } = queue
    const pool = workerPool({
      work,
      atWork: atWork ?? null,
      atOnce: atOnce ?? 0,
      failed: (id, error) => log.warn({ stage, id, err: error }, 'job failed; it will be retried'),
    })
    pools.set(name, pool)
    const options = {
      batchSize,
      // Where there is no NOTIFY.
      pollingIntervalSeconds: 0.5,
      // With it, or where it is broken, `due` wakes workers. The queues differ, so that their polls do not come all at the same
      // moment, for which a notified fetch would have to wait.
      notifyPollingIntervalSeconds: due ? seldomSeconds + place : 5,
      burstWhenBatchFull: true,
      perJobResults: true,
      // For the number of retries.
      includeMetadata: true,
    } as const
    const ofQueue = fetchersOf({ work: pool.work, batchSize, notify: (worker) => boss.notifyWorker(worker) })
    fetchers.set(name, ofQueue)
    await Promise.all(
      Array.from({ length: localConcurrency }, () =>
        ofQueue.add((handler) => boss.work<JobData, void, typeof options>(name, options, handler)),
      ),
    )
    due?.add(name, ofQueue.wakeAll)
  }
}
