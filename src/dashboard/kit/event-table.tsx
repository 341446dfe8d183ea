// A table of events with what came of each, and the sentence that sums up such a list.
import type { IconName } from './icons.tsx'
import { count, Time, type Tone } from './parts.tsx'
import { Prose } from './prose.tsx'
import type { Event } from './shown.ts'
import { StatusBadge, statusLooks } from './states.tsx'
import { Table } from './table.tsx'
import { shortTime } from './times.ts'

export function EventTable({ rows, now }: { rows: Event[]; now: Date }) {
  return (
    <Table
      heads={['Event', 'About', 'When', 'What came of it']}
      rows={rows}
      row={(row) => (
        <tr key={row.id}>
          <td className="top1">
            <a className="lead" href={`/dashboard/events/${row.id}`}>
              {row.type}
            </a>
            <span className="sub">
              from {row.source}
              {row.livemode === false && ', a test'}
            </span>
          </td>
          <td className="nowrap" data-k="About">
            {row.reference ?? '–'}
          </td>
          <td className="when" data-k="When">
            <Time at={row.receivedAt}>{shortTime(row.receivedAt, now)}</Time>
          </td>
          <td data-k="Came of it">
            <span className="badges">
              <StatusBadge status={row.status} />
              <span className="faint">
                <Prose>{outcomeOf(row)}</Prose>
              </span>
            </span>
          </td>
        </tr>
      )}
    />
  )
}

/** `2 sent, 1 suppressed`; else the reason. */
function outcomeOf({ counts, reason }: Event): string {
  const made = Object.entries(counts).map(([state, n]) => `${n} ${state}`)
  return made.length > 0 ? made.join(', ') : (reason?.text ?? count(0, 'message'))
}

/** The worst status of a list, as its tone and icon, and how many there are of each. */
export function eventsSummary(rows: Event[]): { tone: Tone; icon: IconName; first: string } {
  const found = Map.groupBy(rows, ({ status }) => status)
  const present = worstFirst.filter((status) => found.has(status))
  const parts = present.map((status) => statusTexts[status](found.get(status)?.length ?? 0))
  return { ...statusLooks[present[0] ?? 'planned'], first: `${count(rows.length, 'event')}: ${parts.join(', ')}.` }
}

const worstFirst = ['failed', 'accepted', 'planned', 'ignored'] as const

const statusTexts: Record<Event['status'], (n: number) => string> = {
  accepted: (n) => `${n} ${n === 1 ? 'waits' : 'wait'} to be planned`,
  planned: (n) => `${n} ${n === 1 ? 'was' : 'were'} planned`,
  ignored: (n) => `${n} notified nobody, on purpose`,
  failed: (n) => `${n} could not be planned`,
}
