// What a number of messages comes to, in one sentence.
import type { IconName } from './icons.tsx'
import { count, type Tone } from './parts.tsx'
import type { Event, Notification } from './shown.ts'

type Group = 'arrived' | 'accepted' | 'kept' | 'unsure' | 'lost' | 'waiting' | 'unsent'

const groupOf: Record<Notification['state'], Group> = {
  delivered: 'arrived',
  sent: 'accepted',
  unconfirmed: 'unsure',
  undelivered: 'lost',
  failed: 'lost',
  scheduled: 'waiting',
  pending: 'waiting',
  sending: 'waiting',
  suppressed: 'unsent',
  expired: 'unsent',
  cancelled: 'unsent',
  digested: 'unsent',
}

const words: Record<Group, (n: number) => string> = {
  lost: (n) => `${n} did not arrive`,
  unsure: (n) => `${n} may or may not have gone out`,
  waiting: (n) => `${n} ${n === 1 ? 'waits' : 'wait'} to be sent`,
  arrived: (n) => `${n} arrived`,
  accepted: (n) => `${n} ${n === 1 ? 'was' : 'were'} taken by a provider, without a receipt so far`,
  kept: (n) => `${n} went to the sandbox, which sends nothing`,
  unsent: (n) => `${n} ${n === 1 ? 'was' : 'were'} not sent on purpose`,
}
const order = Object.keys(words) as Group[]

interface Summary {
  tone: Tone
  icon: IconName
  first: string
  more: string
}

export function summaryOf(notifications: Notification[], events: Event[]): Summary {
  const found = Map.groupBy(notifications, (one) => (one.reason?.code === 'sandbox' ? 'kept' : groupOf[one.state]))
  const parts = order.flatMap((group) => {
    const n = found.get(group)?.length ?? 0
    return n > 0 ? [words[group](n)] : []
  })
  const told = `${count(notifications.length, 'message')}: ${parts.join(', ')}.`
  const more = events.length > 0 ? `${count(events.length, 'event')} named it.` : 'The newest comes first.'
  if (notifications.length === 0)
    return { tone: 'ask', icon: 'event', first: 'We were told of it, and no message came of it.', more }
  if (found.has('lost')) return { tone: 'bad', icon: 'back', first: told, more }
  if (found.has('unsure')) return { tone: 'ask', icon: 'ask', first: told, more }
  if (found.has('waiting')) return { tone: 'move', icon: 'dots', first: told, more }
  if (found.has('arrived')) return { tone: 'good', icon: 'checks', first: told, more }
  return { tone: found.has('accepted') ? 'move' : 'still', icon: 'check', first: told, more }
}
