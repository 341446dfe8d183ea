// The alarm of a notification. It wakes the delivery of its channel; what waits for its digest wakes digest.ts.
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import { type Db, transaction } from '../db.ts'
import type { Jobs } from './jobs.ts'
import type { Alarm } from './queues.ts'

interface Waits {
  id: string
  channel: Channel
  priority: Priority
  begun?: boolean
  collects?: boolean
}

export function alarmOf(n: Waits, at?: Date): Alarm {
  const { id, channel, begun, collects } = n
  const stage = collects ? 'digest' : channel
  // Who is not told by priority has one queue.
  const priority = stage === 'digest' || stage === 'callback' ? 'normal' : n.priority
  return { stage, priority, id, ...(at && { at }), ...(begun && { begun }) }
}

/** The clocks of two machines differ: an alarm that rang before its time is set again, once however many ring early. */
export async function ringAgain(db: Db, jobs: Jobs, alarm: Alarm & { at: Date }): Promise<void> {
  const mark = `again:${alarm.at.toISOString()}`
  await transaction(db, (tx) => jobs.ring(tx, [{ ...alarm, mark }]))
}
