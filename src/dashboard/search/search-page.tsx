// The search: one box for an address, a phone number, an order, a payment or an id. It says how it read the words.
import { ApiRefusal, pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { Omissions } from '../event/parts.tsx'
import { EventTable } from '../kit/event-table.tsx'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { NotificationTable } from '../kit/notification-table.tsx'
import { Answer, count, Empty, Panel } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import type { Event, EventAudit, List, Notification } from '../kit/shown.ts'
import { summaryOf } from '../kit/summary.ts'
import { aboutPeople, nextFor, twiceText } from './advice.ts'
import { isOwnId, type Reading, readingsOf } from './readings.ts'

const shown = '50'
/** For at most this many events, the page lists the omissions. */
const explained = 5
const maxLength = 300

export interface SearchOptions {
  now(): Date
  /** Where national phone numbers are read, such as `GB`. */
  country: string | null
}

export function searchRoutes(options: SearchOptions): PageRoute[] {
  return [{ method: 'GET', path: '/search', right: 'read', answer: (visit) => answer(visit, options) }]
}

interface Found {
  reading: Reading
  notifications: Notification[]
  events: Event[]
  /** What the events could be expected to make and did not. */
  omissions: EventAudit['omissions']
  isMore: boolean
}

async function answer(visit: Visit, { now, country }: SearchOptions): Promise<PageAnswer> {
  const words = (visit.query.get('q') ?? '').trim().slice(0, maxLength)
  if (words === '') return { kind: 'redirect', to: '/dashboard/notifications' }
  const exact = visit.query.get('exact') === '1'
  if (isOwnId(words) && !exact) {
    const to = await pageOfId(visit, words)
    if (to) return { kind: 'redirect', to }
  }
  const found = await firstFound(visit, readingsOf(words, { country, exact }))
  return { kind: 'page', html: page({ visit, words, exact, found, now: now() }) }
}

/** The page of the notification or event with this id; null where there is neither. */
async function pageOfId({ api }: Visit, id: string): Promise<string | null> {
  for (const kind of ['notifications', 'events']) {
    try {
      await api.get(`/v1/${kind}/${id}`)
      return `/dashboard/${kind}/${id}`
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.problem.status === 404)) throw error
    }
  }
  return null
}

/** The first reading that finds something, else the last one. */
async function firstFound(visit: Visit, readings: Reading[]): Promise<Found> {
  let found: Found | undefined
  for (const reading of readings) {
    found = await find(visit, reading)
    if (found.notifications.length > 0 || found.events.length > 0) return found
  }
  if (!found) throw new Error('the words have no reading')
  return found
}

async function find({ api }: Visit, reading: Reading): Promise<Found> {
  const lists = await Promise.all(
    reading.by.map((field) =>
      api.get<List<Notification>>(pathOf('/v1/notifications', { [field]: reading.text, limit: shown })),
    ),
  )
  const byId = new Map(lists.flatMap(({ data }) => data).map((row) => [row.id, row]))
  const events = reading.by.includes('reference')
    ? await api.get<List<Event>>(pathOf('/v1/events', { reference: reading.text, limit: shown }))
    : { data: [], nextCursor: null }
  return {
    reading,
    notifications: [...byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    events: events.data,
    omissions: await omissionsOf(api, events.data),
    isMore: lists.some(({ nextCursor }) => nextCursor !== null),
  }
}

/**
 * Of the newest events: a reference has few as a rule. One at a time, as an event may be large; one that is refused is left out.
 */
async function omissionsOf(api: Visit['api'], events: Event[]): Promise<EventAudit['omissions']> {
  const planned = events.filter(({ status }) => status === 'planned').slice(0, explained)
  const found: EventAudit['omissions'] = []
  for (const { id } of planned)
    try {
      found.push(...(await api.get<EventAudit>(`/v1/events/${id}`)).omissions)
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error
    }
  return found
}

interface PageProps {
  visit: Visit
  words: string
  exact: boolean
  found: Found
  now: Date
}

function page({ visit, words, exact, found, now }: PageProps): string {
  const { reading, notifications, events, omissions, isMore } = found
  const silent = events.filter(({ id }) => notifications.every(({ eventId }) => eventId !== id))
  const asked = aboutPeople(notifications)
  const summary = summaryOf(asked, events)
  const isEmpty = notifications.length === 0 && events.length === 0
  const toExact = `/dashboard/search?${new URLSearchParams({ q: words, exact: '1' })}`
  return framed({
    visit,
    title: words,
    section: 'notifications',
    asked: words,
    children: (
      <>
        <Head
          title={words}
          crumb={
            <>
              Read as {reading.as}. {!exact && <a href={toExact}>Search for the exact text instead</a>}
            </>
          }
        />
        {isEmpty ? (
          <section className="panel">
            <Empty icon="search" title={`Nothing about “${words}”`}>
              <p className="quiet">
                No event and no message names it. Check the spelling, or search for the customer’s email address or
                phone number. Of old messages the addresses are removed at the end of the retention period.
              </p>
              <p className="quiet">
                If it should be here, see whether its webhook came: <a href="/dashboard/events">the newest events</a>.
                If it did not, the source has to send it again.
              </p>
            </Empty>
          </section>
        ) : (
          <Answer {...summary}>
            <p>
              <strong>{summary.first}</strong>
            </p>
            <p>
              <Prose>{[nextFor(asked), twiceText(asked), summary.more].filter(Boolean).join(' ')}</Prose>{' '}
              {omissions.length > 0 &&
                `${count(omissions.length, 'message')} that could be expected ${omissions.length === 1 ? 'was' : 'were'} not made; why is below.`}
            </p>
          </Answer>
        )}
        {notifications.length > 0 && (
          <Panel
            id="messages"
            title="Messages"
            aside={
              <span className="faint small">
                {count(notifications.length, 'message')}, newest first{isMore && '; there are more'}
              </span>
            }
          >
            <NotificationTable rows={notifications} now={now} byEvent />
            {isMore && (
              <footer>
                <a href={pathOf('/dashboard/notifications', { [reading.by[0] ?? 'recipient']: reading.text })}>
                  All of them
                </a>
              </footer>
            )}
          </Panel>
        )}
        {omissions.length > 0 && <Omissions event={{ omissions, omitted: omissions.length }} />}
        {silent.length > 0 && (
          <Panel
            id="events"
            title="Events without a message here"
            aside={<span className="faint small">{count(silent.length, 'event')}</span>}
          >
            <EventTable rows={silent} now={now} />
          </Panel>
        )}
      </>
    ),
  })
}
