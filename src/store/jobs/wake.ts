// The alarm of a notification. It wakes the delivery of its channel; what waits for its digest wakes digest.ts.
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import { type Db, transaction } from '../db.ts'
import type { Jobs } from './jobs.ts'
import type { Job } from './queues.ts'

interface Waits {
  id: string
  channel: Channel
  priority: Priority
  attempted?: boolean
  collects?: boolean
}

export function jobOf(n: Waits, at?: Date): Job {
  const { id, channel, attempted, collects } = n
  const stage = collects ? 'digest' : channel
  // Who is not told by priority has one queue.
  const priority = stage === 'digest' || stage === 'callback' ? 'normal' : n.priority
  return { stage, priority, id, ...(at && { at }), ...(attempted && { attempted }) }
}

/** The clocks of two machines differ: an alarm that rang before its time is set again, once however many ring early. */
export async function snooze(db: Db, jobs: Jobs, job: Job & { at: Date }): Promise<void> {
  const mark = `again:${job.at.toISOString()}`
  await transaction(db, (tx) => jobs.enqueue(tx, [{ ...job, mark }]))
}
