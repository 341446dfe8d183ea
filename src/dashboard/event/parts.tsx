// What an event made, what it did not make and why, and what it starts later.
import { NotificationTable } from '../kit/notification-table.tsx'
import { count, Panel } from '../kit/parts.tsx'
import { Prose } from '../kit/prose.tsx'
import { channelText } from '../kit/provider-looks.tsx'
import type { EventAudit } from '../kit/shown.ts'
import { Table } from '../kit/table.tsx'
import { atTime, distance } from '../kit/times.ts'

export function Made({ event: { notifications, id, counts }, now }: { event: EventAudit; now: Date }) {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return (
    <Panel id="made" title="What came of it" aside={<span className="faint small">{count(total, 'message')}</span>}>
      {notifications.length > 0 ? (
        <NotificationTable rows={notifications} now={now} />
      ) : (
        <div className="in">
          <p className="quiet">No message.</p>
        </div>
      )}
      {total > notifications.length && <footer>The others have the event {id}.</footer>}
    </Panel>
  )
}

type Omitted = Pick<EventAudit, 'omissions' | 'omitted'>

export function Omissions({ event: { omissions, omitted } }: { event: Omitted }) {
  return (
    <Panel id="omissions" title="Not made, and why" aside={<span className="faint small">{omitted}</span>}>
      <Table
        heads={['Message', 'Why']}
        rows={omissions}
        row={({ notifier, channel, reason }, i) => (
          <tr key={`${notifier} ${channel} ${i}`}>
            <td className="top1">
              <b className="lead">{notifier}</b>
              <span className="sub">{channel ? channelText(channel) : 'any channel'}</span>
            </td>
            <td data-k="Why">
              <span>
                <Prose>{reason.text}</Prose>
              </span>
            </td>
          </tr>
        )}
      />
      {omitted > omissions.length && (
        <footer>
          The first {omissions.length} of {omitted}.
        </footer>
      )}
    </Panel>
  )
}

export function Timers({ event: { timers }, now }: { event: EventAudit; now: Date }) {
  return (
    <Panel id="timers" title="What it starts later">
      <ul className="acts">
        {timers.map(({ emits, dueAt, firedAt, stoppedAt, reason }) => (
          <li key={emits}>
            <b>{emits}</b>
            <p className="off">
              {firedAt
                ? `Started ${atTime(firedAt, now)}.`
                : stoppedAt
                  ? `Stopped ${atTime(stoppedAt, now)}. ${reason?.text ?? ''}`
                  : `Due ${distance(dueAt, now)}, ${atTime(dueAt, now)}.`}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
