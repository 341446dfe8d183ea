// Finds notifications that wait for a provider of their channel, and makes them due.
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import { query, type Reader, type Tx } from '../db.ts'
import type { Job } from '../jobs/queues.ts'
import { jobOf } from '../jobs/wake.ts'

const isWaiting = `state = 'pending' and reason_code = 'providers_unavailable' and channel = $1`

export async function anyWaiting(db: Reader, channel: Channel): Promise<boolean> {
  const found = await query(db, `select 1 from notification_states where ${isWaiting} limit 1`, [channel])
  return found.length > 0
}

export interface Release {
  channel: Channel
  priority: Priority
  /** At most this many, the oldest first. */
  limit: number
  now: Date
}

/** Makes them due now, and returns their jobs. */
export async function makeDue(tx: Tx, { channel, priority, limit, now }: Release): Promise<Job[]> {
  const rows = await query<{ id: string; attempted: boolean }>(
    tx,
    `with waiting as (
       select id from notification_states where ${isWaiting} and priority = $2 and due_at > $4
       order by created_at limit $3 for update skip locked)
     update notification_states n set due_at = $4 from waiting where n.id = waiting.id returning n.id, n.attempted`,
    [channel, priority, limit, now],
  )
  return rows.map((row) => jobOf({ channel, priority, ...row }))
}
