// The alarm of a notification. Callbacks have a queue and workers of their own: an app may take its time to answer,
// and customers do not wait for it. What waits for its digest wakes digest.ts.
import type { Priority } from '../event.ts'
import type { Channel } from '../notification.ts'
import { type Db, transaction } from './db.ts'
import type { Jobs } from './jobs.ts'
import type { Alarm } from './queues.ts'

export function alarmOf(n: { id: string; channel: Channel; priority: Priority; collects?: boolean }, at?: Date): Alarm {
  const { id, priority } = n
  return { ...queueOf(n, priority), id, ...(at && { at }) }
}

function queueOf(n: { channel: Channel; collects?: boolean }, priority: Priority): Pick<Alarm, 'stage' | 'priority'> {
  if (n.collects) return { stage: 'digest', priority: 'normal' }
  return n.channel === 'callback' ? { stage: 'callback', priority: 'normal' } : { stage: 'deliver', priority }
}

/** The clocks of two machines differ: an alarm that rang before its time is set again, once however many ring early. */
export async function ringAgain(db: Db, jobs: Jobs, alarm: Alarm & { at: Date }): Promise<void> {
  const mark = `again:${alarm.at.toISOString()}`
  await transaction(db, (tx) => jobs.ring(tx, [{ ...alarm, mark }]))
}
