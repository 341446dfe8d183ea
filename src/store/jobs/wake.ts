// The job of a notification: it wakes the delivery of its channel, or the digest that the notification waits for.
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
  // These stages have one queue for all priorities.
  const priority = stage === 'digest' || stage === 'callback' ? 'normal' : n.priority
  return { stage, priority, id, ...(at && { at }), ...(attempted && { attempted }) }
}

/** Enqueues a job again that ran before its time, as clocks of machines differ; once for each time, however often called. */
export async function snooze(db: Db, jobs: Jobs, job: Job & { at: Date }): Promise<void> {
  const mark = `again:${job.at.toISOString()}`
  await transaction(db, (tx) => jobs.enqueue(tx, [{ ...job, mark }]))
}
