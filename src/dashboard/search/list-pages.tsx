// The lists of notifications and events, newest first, with the filters of the API.
import type { DataFault } from '../../domain/event.ts'
import { ApiRefusal, pathOf } from '../../http/dashboard/own-api.ts'
import type { PageAnswer, PageRoute, Visit } from '../../http/dashboard/page.ts'
import { EventTable, eventsSummary } from '../kit/event-table.tsx'
import { framed } from '../kit/frame.tsx'
import { Head } from '../kit/head.tsx'
import { NotificationTable } from '../kit/notification-table.tsx'
import { Answer, Empty } from '../kit/parts.tsx'
import type { Event, List, Notification } from '../kit/shown.ts'
import { summaryOf } from '../kit/summary.ts'
import { typedTime } from '../kit/times.ts'
import { FilterForm, filters, type Kind } from './list-filter.tsx'

const rowsShown = '50'

const titles = { notifications: 'Notifications', events: 'Events' }

export function listRoutes(now: () => Date): PageRoute[] {
  return (Object.keys(filters) as Kind[]).map((kind) => ({
    method: 'GET',
    path: `/${kind}`,
    right: 'read',
    answer: (visit) => answer(visit, kind, now()),
  }))
}

async function answer(visit: Visit, kind: Kind, now: Date): Promise<PageAnswer> {
  const query = Object.fromEntries(
    [...filters[kind].map(({ name }) => name), 'cursor'].map((name) => [name, visit.query.get(name) ?? undefined]),
  )
  const times = Object.fromEntries(
    ['since', 'until', ...(kind === 'notifications' ? ['givenUpSince'] : [])].map((name) => [
      name,
      typedTime(visit.query.get(name)),
    ]),
  )
  const path = pathOf(`/v1/${kind}`, { ...query, ...times, limit: rowsShown })
  const { list, faults } = await read(visit, path)
  const { cursor, ...asked } = query
  const isFiltered = Object.values(asked).some(Boolean)
  const isGivenUp = kind === 'notifications' && asked.state === 'failed'
  // That it shows what was given up lately alone is what the page is for.
  const { state: _, givenUpSince, ...others } = asked
  const isNarrowed = Object.values(isGivenUp ? others : asked).some(Boolean)
  const givenUp = isGivenUp ? { since: givenUpSince ?? null } : null
  const title = isGivenUp ? 'Given up' : titles[kind]
  const html = framed({
    visit,
    title,
    section: isGivenUp ? 'failed' : kind,
    children: (
      <>
        <Head title={title} />
        {list.data.length > 0 && <PageSummary kind={kind} rows={list.data} givenUp={givenUp} />}
        <FilterForm kind={kind} asked={asked} isOpen={list.data.length === 0 && isNarrowed} faults={faults} />
        {list.data.length === 0 ? (
          <section className="panel">
            {faults.length > 0 ? <Misread /> : <NothingHere kind={kind} isFiltered={isFiltered} givenUp={givenUp} />}
          </section>
        ) : (
          <section className="panel" aria-label={title}>
            {kind === 'notifications' ? (
              <NotificationTable rows={list.data} now={now} />
            ) : (
              <EventTable rows={list.data} now={now} />
            )}
            <footer>
              {cursor && <a href={pathOf(`/dashboard/${kind}`, asked)}>Newest</a>}
              {cursor && list.nextCursor && ' · '}
              {list.nextCursor ? (
                <a href={pathOf(`/dashboard/${kind}`, { ...asked, cursor: list.nextCursor })}>Older</a>
              ) : (
                'This is the end of the list.'
              )}
            </footer>
          </section>
        )}
      </>
    ),
  })
  return { kind: 'page', html, ...(faults.length > 0 && { status: 400 }) }
}

/** An empty list where the API says what is wrong with the filter. */
async function read({ api }: Visit, path: string): Promise<{ list: List<Notification & Event>; faults: DataFault[] }> {
  try {
    return { list: await api.get(path), faults: [] }
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !error.problem.errors) throw error
    return { list: { data: [], nextCursor: null }, faults: error.problem.errors }
  }
}

function Misread() {
  return (
    <Empty icon="warn" title="The filter is not understood">
      <p className="quiet">Fix the field that is marked above, then show the list again.</p>
    </Empty>
  )
}

/** A list of what was given up: `since` is as a person typed it; null for all of them. */
type GivenUp = { since: string | null } | null

interface SummaryProps {
  kind: Kind
  rows: (Notification & Event)[]
  givenUp: GivenUp
}

function PageSummary({ kind, rows, givenUp }: SummaryProps) {
  const { tone, icon, first } = kind === 'events' ? eventsSummary(rows) : summaryOf(rows, [])
  return (
    <Answer tone={tone} icon={icon}>
      <p>
        <strong>{first}</strong>
      </p>
      <p>
        {givenUp
          ? 'The page of each says why. Fix the cause first, then send it again there.'
          : `These are the ${kind === 'events' ? 'events' : 'messages'} on this page, the newest first.`}
      </p>
      {givenUp?.since && (
        <p>
          They were given up since {givenUp.since} UTC, the latest first. <EverGivenUp />
        </p>
      )}
    </Answer>
  )
}

function EverGivenUp() {
  return <a href="/dashboard/notifications?state=failed">See all that was ever given up</a>
}

function NothingHere({ kind, isFiltered, givenUp }: { kind: Kind; isFiltered: boolean; givenUp: GivenUp }) {
  if (givenUp)
    return (
      <Empty
        icon="check"
        title={givenUp.since ? `Nothing was given up since ${givenUp.since} UTC` : 'Nothing was given up'}
      >
        <p className="quiet">
          A message stands here when every try was used up or a provider refused it.{' '}
          {givenUp.since ? <EverGivenUp /> : <a href="/dashboard/notifications">See all messages</a>}
        </p>
      </Empty>
    )
  if (isFiltered)
    return (
      <Empty icon="search" title={`No ${kind} like that`}>
        <p className="quiet">Take a filter away, or search for an order or an address instead.</p>
      </Empty>
    )
  return (
    <Empty icon={kind === 'events' ? 'event' : 'mail'} title={`No ${kind} yet`}>
      <p className="quiet">
        They appear here as soon as a source sends a webhook. To see how that looks, stop this and run:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre className="code" tabIndex={0}>
        npm run demo
      </pre>
    </Empty>
  )
}
