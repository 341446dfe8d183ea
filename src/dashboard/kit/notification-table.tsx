// A table of notifications, grouped by the event that caused them where they belong together.
import { Time } from './parts.tsx'
import { Prose } from './prose.tsx'
import { channelText } from './provider-looks.tsx'
import type { Notification } from './shown.ts'
import { StateBadge } from './states.tsx'
import { Table } from './table.tsx'
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
    <Table
      heads={['Message', 'To', 'When', 'State']}
      rows={groups}
      row={(group) => <Group key={group[0]?.id} rows={group} now={now} named={byEvent === true} />}
    />
  )
}

function Group({ rows, now, named }: { rows: Notification[]; now: Date; named: boolean }) {
  const [first] = rows
  return (
    <>
      {named && first && (
        <tr className="group">
          <th colSpan={4} scope="rowgroup">
            <a href={`/dashboard/events/${first.eventId}`}>
              <b>{first.eventType}</b>
            </a>
            , told by {first.source}
            {first.reference && `, about ${first.reference}`}
          </th>
        </tr>
      )}
      {rows.map((row) => (
        <Row key={row.id} row={row} now={now} />
      ))}
    </>
  )
}

function Row({ row, now }: { row: Notification; now: Date }) {
  const at = row.givenUpAt ?? row.deliveredAt ?? row.sentAt ?? row.scheduledFor ?? row.createdAt
  return (
    <tr>
      <td className="top1">
        <a className="lead" href={`/dashboard/notifications/${row.id}`}>
          {titleOf(row)}
        </a>
        <span className="sub">
          {channelText(row.channel)}, {row.notifier}
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
          {whyOf(row) && (
            <span className="why">
              <Prose>{whyOf(row)}</Prose>
            </span>
          )}
        </span>
      </td>
    </tr>
  )
}

/** In a sentence, why it did not go out or not yet; nothing of what went its way. */
function whyOf({ state, reason }: Notification): string {
  if (!reason || state === 'sent' || state === 'delivered') return ''
  return /^.*?\.(?= |$)/.exec(reason.text)?.[0] ?? reason.text
}

type Titled = Pick<Notification, 'subject' | 'channel' | 'notifier'>

/** The subject, else what it is: `Order shipped`. */
function titleOf({ subject, notifier }: Titled): string {
  return subject ?? notifier.charAt(0).toUpperCase() + notifier.slice(1).replaceAll('-', ' ')
}

/** The title where it stands alone: `Order shipped, SMS`. */
export function headingOf(one: Titled): string {
  return one.subject === null ? `${titleOf(one)}, ${channelText(one.channel)}` : titleOf(one)
}
