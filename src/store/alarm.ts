// The alarm of a notification. Callbacks have a queue and workers of their own: an app may take its time to answer,
// and customers do not wait for it.
import type { Priority } from '../event.ts'
import type { Channel } from '../notification.ts'
import type { Alarm } from './jobs.ts'

export function alarmOf(n: { id: string; channel: Channel; priority: Priority }, at?: Date): Alarm {
  const { id, priority } = n
  const queue =
    n.channel === 'callback'
      ? ({ stage: 'callback', priority: 'normal' } as const)
      : { stage: 'deliver' as const, priority }
  return { ...queue, id, ...(at && { at }) }
}
