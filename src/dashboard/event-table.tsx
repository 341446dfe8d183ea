// A table of events with what came of each.
import { count, Time } from './parts.tsx'
import type { Event } from './shown.ts'
import { StatusBadge } from './states.tsx'
import { shortTime } from './times.ts'

export function EventTable({ rows, now }: { rows: Event[]; now: Date }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">About</th>
          <th scope="col">When</th>
          <th scope="col">What came of it</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="top1">
              <a className="lead" href={`/dashboard/events/${row.id}`}>
                {row.type}
              </a>
              <span className="sub">
                {row.source}
                {row.livemode === false && ', a test'}
              </span>
            </td>
            <td data-k="About">{row.reference ?? 'nothing named'}</td>
            <td className="when" data-k="When">
              <Time at={row.receivedAt}>{shortTime(row.receivedAt, now)}</Time>
            </td>
            <td data-k="Came of it">
              <span className="badges">
                <StatusBadge status={row.status} />
                <span className="faint">{outcomeOf(row)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** `2 sent, 1 suppressed`; else the reason. */
function outcomeOf({ counts, reason }: Event): string {
  const made = Object.entries(counts).map(([state, n]) => `${n} ${state}`)
  return made.length > 0 ? made.join(', ') : (reason?.text ?? count(0, 'message'))
}
