// What a number of messages comes to, in one sentence.
import type { IconName } from './icons.tsx'
import { count, type Tone } from './parts.tsx'
import type { Event, Notification } from './shown.ts'

export type Group =
  | 'failed'
  | 'unable'
  | 'lost'
  | 'unsure'
  | 'waiting'
  | 'arrived'
  | 'accepted'
  | 'kept'
  | 'unsent'
  | 'late'
  | 'merged'

const groupOf: Record<Notification['state'], Group> = {
  delivered: 'arrived',
  sent: 'accepted',
  unconfirmed: 'unsure',
  undelivered: 'lost',
  failed: 'failed',
  scheduled: 'waiting',
  pending: 'waiting',
  sending: 'waiting',
  suppressed: 'unsent',
  expired: 'late',
  cancelled: 'unsent',
  digested: 'merged',
}

const was = (n: number) => (n === 1 ? 'was' : 'were')

/** What follows the number, the worst first. */
const words: Record<Group, (n: number) => string> = {
  failed: (n) => `${was(n)} given up and not sent`,
  unable: () => 'could not be sent',
  lost: () => 'did not arrive',
  unsure: () => 'may or may not have gone out',
  waiting: (n) => `${n === 1 ? 'waits' : 'wait'} to be sent`,
  arrived: () => 'arrived',
  accepted: (n) => `${was(n)} taken by a provider, without a receipt so far`,
  kept: () => 'went to the sandbox, which sends nothing',
  unsent: (n) => `${was(n)} not sent on purpose`,
  late: (n) => `came too late and ${was(n)} not sent`,
  merged: () => 'became part of another message',
}
const order = Object.keys(words) as Group[]

/** What it counts as. */
export function groupIn(one: Notification): Group {
  if (one.reason?.code === 'sandbox') return 'kept'
  return isUnable(one) ? 'unable' : groupOf[one.state]
}

interface Summary {
  tone: Tone
  icon: IconName
  first: string
  more: string
}

export function summaryOf(notifications: Notification[], events: Event[]): Summary {
  const found = Map.groupBy(notifications, groupIn)
  const parts = order.flatMap((group) => {
    const n = found.get(group)?.length ?? 0
    return n > 0 ? [{ n, text: words[group](n) }] : []
  })
  const all = count(notifications.length, 'message')
  const first =
    parts.length === 1
      ? `${all} ${parts[0]?.text}.`
      : `${all}: ${parts.map(({ n, text }) => `${n} ${text}`).join(', ')}.`
  const more = events.length > 0 ? `${count(events.length, 'event')} named it.` : 'The newest comes first.'
  if (notifications.length === 0) {
    const why = events.length === 1 ? events[0]?.reason?.text : undefined
    return { tone: 'ask', icon: 'event', first: 'It was reported to us, and no message came of it.', more: why ?? more }
  }
  if (found.has('failed') || found.has('unable')) return { tone: 'bad', icon: 'cross', first, more }
  if (found.has('lost')) return { tone: 'bad', icon: 'back', first, more }
  if (found.has('unsure')) return { tone: 'ask', icon: 'ask', first, more }
  if (found.has('waiting')) return { tone: 'move', icon: 'dots', first, more }
  if (found.has('arrived')) return { tone: 'good', icon: 'checks', first, more }
  return { tone: found.has('accepted') ? 'move' : 'still', icon: 'check', first, more }
}

/** Not sent because something is missing, and by nobody's choice. */
export function isUnable({ state, reason }: Pick<Notification, 'state' | 'reason'>): boolean {
  return state === 'suppressed' && (reason?.code === 'no_provider' || reason?.code === 'no_address')
}
