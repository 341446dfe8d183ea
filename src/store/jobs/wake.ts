// The job of a notification: it wakes the delivery of its channel, or the digest that the notification waits for.
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import type { Tx } from '../db.ts'
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
export async function snooze(tx: Tx, jobs: Jobs, job: Job & { at: Date }): Promise<void> {
  await jobs.enqueue(tx, [{ ...job, mark: `again:${job.at.toISOString()}` }])
}
