// What a number of messages comes to, in one sentence.
import type { IconName } from './icons.tsx'
import { isUnable, whatToDo } from './notification-answer.ts'
import { count, type Tone } from './parts.tsx'
import type { Event, Notification } from './shown.ts'

type Group =
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

function groupIn(one: Notification): Group {
  if (one.reason?.code === 'sandbox') return 'kept'
  return isUnable(one) ? 'unable' : groupOf[one.state]
}

interface Summary {
  tone: Tone
  icon: IconName
  first: string
  more: string
}

/** Those of which somebody may ask what to do, the worst first. */
const asking: Group[] = ['failed', 'unable', 'lost', 'unsure', 'waiting', 'unsent', 'late']

/** What is done about the worst of them; empty where all went out. */
export function nextFor(notifications: Notification[]): string {
  const found = Map.groupBy(notifications, groupIn)
  const [worst] = asking.flatMap((group) => found.get(group)?.[0] ?? [])
  return worst ? whatToDo(worst) : ''
}

const leaves: Notification['state'][] = ['sent', 'delivered', 'undelivered', 'unconfirmed']

/** Answers "he got it twice?": the same message to the same address, and what made it two. Empty where there is none. */
export function twiceText(notifications: Notification[]): string {
  const left = notifications.filter(
    ({ state, to, reason }) => leaves.includes(state) && to !== null && reason?.code !== 'sandbox',
  )
  const same = Map.groupBy(left, ({ notifier, channel, to, reference, subject }) =>
    JSON.stringify([notifier, channel, to, reference, subject]),
  )
  const [twice] = [...same.values()].filter((group) => group.length > 1)
  if (!twice) return ''
  const events = new Set(twice.map(({ eventId }) => eventId)).size
  const why = events === 1 ? 'for one event' : `for ${events} events: the source reported it more than once`
  return `The same ${twice[0]?.notifier} left for the same address ${twice.length} times, ${why}.`
}

export function summaryOf(notifications: Notification[], events: Event[]): Summary {
  const found = Map.groupBy(notifications, groupIn)
  const parts = order.flatMap((group) => {
    const n = found.get(group)?.length ?? 0
    return n > 0 ? [{ n, text: words[group](n) }] : []
  })
  const all = count(notifications.length, 'message')
  const told =
    parts.length === 1
      ? `${all} ${parts[0]?.text}.`
      : `${all}: ${parts.map(({ n, text }) => `${n} ${text}`).join(', ')}.`
  const more = events.length > 0 ? `${count(events.length, 'event')} named it.` : 'The newest comes first.'
  if (notifications.length === 0) {
    const why = events.length === 1 ? events[0]?.reason?.text : undefined
    return { tone: 'ask', icon: 'event', first: 'We were told of it, and no message came of it.', more: why ?? more }
  }
  if (found.has('failed') || found.has('unable')) return { tone: 'bad', icon: 'cross', first: told, more }
  if (found.has('lost')) return { tone: 'bad', icon: 'back', first: told, more }
  if (found.has('unsure')) return { tone: 'ask', icon: 'ask', first: told, more }
  if (found.has('waiting')) return { tone: 'move', icon: 'dots', first: told, more }
  if (found.has('arrived')) return { tone: 'good', icon: 'checks', first: told, more }
  return { tone: found.has('accepted') ? 'move' : 'still', icon: 'check', first: told, more }
}
