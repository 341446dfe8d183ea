// Releases notifications that wait for a provider once its circuit allows calls.
import { type Priority, priorities } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import { type Db, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Job } from '../jobs/queues.ts'
import { jobOf } from '../jobs/wake.ts'

/** Makes waiting notifications due now, by priority and age. Returns how many. */
export async function releaseWaiting(db: Db, jobs: Jobs, channel: Channel, limit: number, now: Date): Promise<number> {
  const waiting = `state = 'pending' and reason_code = 'route_shut' and channel = $1`
  const found = await db.query(`select 1 from notifications where ${waiting} limit 1`, [channel])
  if (found.rows.length === 0) return 0
  return transaction(db, async (tx) => {
    const newJobs: Job[] = []
    for (const priority of priorities) {
      const { rows } = await tx.query<{ id: string; priority: Priority; attempted: boolean }>(
        `with waiting as (
           select id from notifications where ${waiting} and priority = $2 and due_at > $4
           order by created_at limit $3 for update skip locked)
         update notifications n set due_at = $4 from waiting where n.id = waiting.id returning n.id, n.priority, n.attempted`,
        [channel, priority, limit - newJobs.length, now],
      )
      newJobs.push(...rows.map((row) => jobOf({ channel, ...row })))
    }
    if (newJobs.length > 0) await jobs.enqueue(tx, newJobs)
    return newJobs.length
  })
}
