// What is to be done about what a search found, and why somebody got a message twice.
import { whatToDo } from '../../show/what-to-do.ts'
import type { Notification } from '../kit/shown.ts'
import { type Group, groupIn } from '../kit/summary.ts'

/** Those of which somebody may ask what to do, the worst first. */
const asking: Group[] = ['failed', 'unable', 'lost', 'unsure', 'waiting', 'unsent', 'late', 'accepted']

/** What is done about the worst of them; empty where all arrived. */
export function nextFor(notifications: Notification[]): string {
  const found = Map.groupBy(notifications, groupIn)
  const [worst] = asking.flatMap((group) => found.get(group)?.[0] ?? [])
  return worst ? whatToDo(worst) : ''
}

const leaves: Notification['state'][] = ['sent', 'delivered', 'undelivered', 'unconfirmed']

/** What people were written to: callbacks to apps tell of it, and count only where nothing else was found. */
export function aboutPeople(notifications: Notification[]): Notification[] {
  const found = notifications.filter(({ channel }) => channel !== 'callback')
  return found.length > 0 ? found : notifications
}

/**
 * Answers "he got it twice?": messages to one address that agree in all that a list shows, and how many events made them.
 * Addresses that are masked may look the same and be two people's, as those of one event are. Callbacks do not count.
 */
export function twiceText(notifications: Notification[]): string {
  const left = notifications.filter(
    ({ channel, state, to, reason }) =>
      channel !== 'callback' && leaves.includes(state) && to !== null && reason?.code !== 'sandbox',
  )
  const same = Map.groupBy(left, ({ notifier, channel, to, reference, subject }) =>
    JSON.stringify([notifier, channel, to, reference, subject]),
  )
  const eventsOf = (group: Notification[]) => new Set(group.map(({ eventId }) => eventId)).size
  const [twice] = [...same.values()].filter(
    (group) => group.length > 1 && (!isMasked(group[0]) || eventsOf(group) === group.length),
  )
  if (!twice) return ''
  const events = eventsOf(twice)
  const why = events === 1 ? 'for one event' : `for ${events} events that the source sent`
  const whose = isMasked(twice[0]) ? 'what looks like the same address' : 'the same address'
  return `${twice[0]?.notifier} left for ${whose} ${twice.length} times, ${why}.`
}

function isMasked(one: Pick<Notification, 'to'> | undefined): boolean {
  return one?.to?.includes('***') ?? false
}
