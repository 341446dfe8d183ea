// The lists of notifications and events, newest first, with the filters of the API.
import type { PageAnswer, PageRoute, Visit } from '../http/dashboard-page.ts'
import { pathOf } from '../http/own-api.ts'
import { EventTable } from './event-table.tsx'
import { framed } from './frame.tsx'
import { Head } from './head.tsx'
import { NotificationTable } from './notification-table.tsx'
import { Answer, Empty, Field, Select } from './parts.tsx'
import type { Event, List, Notification } from './shown.ts'
import { stateLooks } from './states.tsx'
import { summaryOf } from './summary.ts'

const rowsShown = '50'

interface Filter {
  name: string
  label: string
  /** A text where there are no options. */
  options?: string[]
}

const times: Filter[] = [
  { name: 'since', label: 'Since' },
  { name: 'until', label: 'Until' },
]
const filters = {
  notifications: [
    { name: 'state', label: 'State', options: Object.keys(stateLooks) },
    { name: 'channel', label: 'Channel', options: ['email', 'sms', 'callback'] },
    { name: 'notifier', label: 'Notifier' },
    { name: 'provider', label: 'Provider' },
    { name: 'eventType', label: 'Event type' },
    { name: 'source', label: 'Source' },
    { name: 'recipient', label: 'Recipient' },
    { name: 'reference', label: 'Reference' },
    ...times,
  ],
  events: [
    { name: 'status', label: 'Status', options: ['accepted', 'planned', 'ignored', 'failed'] },
    { name: 'type', label: 'Type' },
    { name: 'source', label: 'Source' },
    { name: 'reference', label: 'Reference' },
    ...times,
  ],
} satisfies Record<string, Filter[]>
type Kind = keyof typeof filters

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
  const list = await visit.api.get<List<Notification & Event>>(pathOf(`/v1/${kind}`, { ...query, limit: rowsShown }))
  const { cursor, ...asked } = query
  const isFiltered = Object.values(asked).some(Boolean)
  const title = titles[kind]
  const html = framed({
    visit,
    title,
    section: asked.state === 'failed' ? 'failed' : kind,
    children: (
      <>
        <Head title={title} />
        <FilterForm kind={kind} asked={asked} isOpen={isFiltered} />
        {list.data.length === 0 ? (
          <section className="panel">
            <NothingHere kind={kind} isFiltered={isFiltered} />
          </section>
        ) : (
          <>
            {kind === 'notifications' && <PageSummary rows={list.data} />}
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
          </>
        )}
      </>
    ),
  })
  return { kind: 'page', html }
}

function PageSummary({ rows }: { rows: Notification[] }) {
  const { tone, icon, first } = summaryOf(rows, [])
  return (
    <Answer tone={tone} icon={icon}>
      <p>
        <strong>{first}</strong>
      </p>
      <p>These are the messages on this page, the newest first.</p>
    </Answer>
  )
}

function FilterForm({
  kind,
  asked,
  isOpen,
}: {
  kind: Kind
  asked: Record<string, string | undefined>
  isOpen: boolean
}) {
  return (
    <section className="panel" aria-label="Filter">
      <div className="in">
        <details open={isOpen}>
          <summary>Filter</summary>
          <form method="get" className="filters">
            {filters[kind].map(({ name, label, options }: Filter) =>
              options ? (
                <Select
                  key={name}
                  name={name}
                  label={label}
                  value={asked[name] ?? ''}
                  options={[['', 'All'], ...options.map((each): [string, string] => [each, each])]}
                />
              ) : (
                <Field
                  key={name}
                  name={name}
                  label={label}
                  value={asked[name]}
                  placeholder={
                    times.some((time) => time.name === name) ? '2026-11-21 or 2026-11-21T02:41:00Z' : undefined
                  }
                />
              ),
            )}
            <div className="btns">
              <button className="btn main" type="submit">
                Show
              </button>
              {isOpen && (
                <a className="btn" href={`/dashboard/${kind}`}>
                  Show all
                </a>
              )}
            </div>
          </form>
        </details>
      </div>
    </section>
  )
}

function NothingHere({ kind, isFiltered }: { kind: Kind; isFiltered: boolean }) {
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
