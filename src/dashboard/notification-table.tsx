// A table of notifications, grouped by the event that caused them where they belong together.
import { Time } from './parts.tsx'
import type { Notification } from './shown.ts'
import { StateBadge } from './states.tsx'
import { shortTime } from './times.ts'

interface TableProps {
  rows: Notification[]
  now: Date
  /** Say of each event what it was, above its notifications. */
  byEvent?: boolean
}

export function NotificationTable({ rows, now, byEvent }: TableProps) {
  const groups = byEvent ? [...Map.groupBy(rows, (row) => row.eventId).values()] : [rows]
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Message</th>
          <th scope="col">To</th>
          <th scope="col">When</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Group key={group[0]?.id} rows={group} now={now} named={byEvent === true} />
        ))}
      </tbody>
    </table>
  )
}

function Group({ rows, now, named }: { rows: Notification[]; now: Date; named: boolean }) {
  const [first] = rows
  return (
    <>
      {named && first && (
        <tr className="group">
          <th colSpan={4} scope="rowgroup">
            <b>{first.eventType}</b>, told by {first.source} · <a href={`/dashboard/events/${first.eventId}`}>event</a>
            {first.reference && ` · ${first.reference}`}
          </th>
        </tr>
      )}
      {rows.map((row) => (
        <Row key={row.id} row={row} now={now} />
      ))}
    </>
  )
}

const forms = { email: 'email', sms: 'SMS', callback: 'callback' }

function Row({ row, now }: { row: Notification; now: Date }) {
  const at = row.deliveredAt ?? row.sentAt ?? row.scheduledFor ?? row.createdAt
  return (
    <tr>
      <td className="top1">
        <a className="lead" href={`/dashboard/notifications/${row.id}`}>
          {titleOf(row)}
        </a>
        <span className="sub">
          {forms[row.channel]}, {row.notifier}
        </span>
      </td>
      <td data-k="To">{row.to ?? 'no address'}</td>
      <td className="when" data-k="When">
        <Time at={at}>{shortTime(at, now)}</Time>
      </td>
      <td data-k="State">
        <span className="badges">
          <StateBadge state={row.state} />
          {row.openedAt && <span className="faint">opened</span>}
        </span>
      </td>
    </tr>
  )
}

/** The subject, else what it is. */
export function titleOf({ subject, channel, notifier }: Pick<Notification, 'subject' | 'channel' | 'notifier'>) {
  return subject ?? `${notifier}, ${forms[channel]}`
}
