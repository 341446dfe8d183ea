// Releases notifications that wait for a provider, once one may be called.
import type { Clock } from '../clock.ts'
import { priorities } from '../domain/event.ts'
import type { Channel } from '../domain/notification.ts'
import { type Db, transaction } from '../store/db.ts'
import type { Jobs } from '../store/jobs/jobs.ts'
import type { Job } from '../store/jobs/queues.ts'
import { anyWaiting, makeDue } from '../store/notifications/release.ts'

/** Makes at most `limit` of them due now, by priority and age. Returns how many. */
export async function releaseWaiting(
  { db, jobs, clock }: { db: Db; jobs: Jobs; clock: Clock },
  channel: Channel,
  limit: number,
): Promise<number> {
  if (!(await anyWaiting(db, channel))) return 0
  const now = clock.now()
  return transaction(db, async (tx) => {
    const newJobs: Job[] = []
    for (const priority of priorities)
      newJobs.push(...(await makeDue(tx, { channel, priority, limit: limit - newJobs.length, now })))
    if (newJobs.length > 0) await jobs.enqueue(tx, newJobs)
    return newJobs.length
  })
}
