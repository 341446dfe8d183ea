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

/** Waits are whole numbers of these, so that a job that comes too early again and again does not run in a loop. */
const stepMs = 100

/** The time until this process's clock reaches the given time; Postgres's clock may be ahead. */
export function secondsUntil(at: Date, now: Date): number {
  return (Math.max(1, Math.ceil((at.getTime() - now.getTime()) / stepMs)) * stepMs) / 1000
}

/**
 * Enqueues a job again that ran before its time, as clocks of machines differ: it comes when this process's clock is there. Once
 * for each time and wait, however often called.
 */
export async function snooze(tx: Tx, jobs: Jobs, { at, ...job }: Job & { at: Date }, now: Date): Promise<void> {
  const inSeconds = secondsUntil(at, now)
  await jobs.enqueue(tx, [{ ...job, inSeconds, mark: `again:${at.toISOString()}:${inSeconds}` }])
}
