// Which rows wait for an alarm that was lost. An alarm may also be late because its queue is long: then jobs older than
// the row's time still wait before it, and its turn will come. What was begun waits behind no queue, and is rung always.
import { type Priority, priorities } from '../event.ts'
import type { Channel } from '../notification.ts'
import { alarmOf } from './alarm.ts'
import type { Db } from './db.ts'
import type { Jobs } from './jobs.ts'
import type { Alarm, Stage } from './queues.ts'

/** At most `limit` alarms a kind, the oldest first. */
export async function overdueAlarms(
  db: Db,
  jobs: Jobs,
  now: Date,
  lostAfterMs: number,
  limit: number,
): Promise<Alarm[]> {
  const lostBefore = new Date(now.getTime() - lostAfterMs)
  const [events, begun, notifications, replays, schedules, timers] = await Promise.all([
    db.query<Overdue & { looks: boolean }>(
      `select id, priority, due_at as since,
         exists (select from event_look_ups l where l.event_id = events.id and l.state = 'open') as looks
       from events where due_at < $1 order by due_at limit $2`,
      [lostBefore, limit],
    ),
    // An open attempt's time has its own slack in it: its worker had until then.
    db.query<Overdue & { channel: Channel }>(
      `select id, channel, priority, due_at as since from notifications
       where state in ('sending', 'unconfirmed') and due_at < $1 and (state = 'sending' or due_at < $2)
       order by due_at limit $3`,
      [now, lostBefore, limit],
    ),
    db.query<Overdue & { channel: Channel; collects: boolean }>(
      `select id, channel, priority, digest_key is not null and state = 'scheduled' as collects, due_at as since
       from notifications where due_at < $1 and state in ('scheduled', 'pending') order by due_at limit $2`,
      [lostBefore, limit],
    ),
    db.query<Overdue>(
      `select id, 'normal' as priority, due_at as since from replays where due_at < $1 order by due_at limit $2`,
      [lostBefore, limit],
    ),
    db.query<Overdue>(`select name as id, 'normal' as priority, due_at as since from schedules where due_at < $1`, [
      lostBefore,
    ]),
    db.query<Overdue>(
      `select id, 'normal' as priority, due_at as since from timers
       where due_at < $1 and fired_at is null and stopped_at is null order by due_at limit $2`,
      [lostBefore, limit],
    ),
  ])
  const due = notifications.rows.map((row) => ({ ...row, ...alarmOf(row) }))
  const waitingFor = (stage: Stage) => due.filter((row) => row.stage === stage)
  return [
    ...begun.rows.map((row) => ({ ...alarmOf(row), begun: true })),
    ...(await lost(
      jobs,
      'look-up',
      events.rows.filter(({ looks }) => looks).map((row) => ({ ...row, priority: 'normal' })),
    )),
    ...(await lost(
      jobs,
      'plan',
      events.rows.filter(({ looks }) => !looks),
    )),
    ...(await lost(jobs, 'email', waitingFor('email'))),
    ...(await lost(jobs, 'sms', waitingFor('sms'))),
    ...(await lost(jobs, 'callback', waitingFor('callback'))),
    ...(await lost(jobs, 'digest', waitingFor('digest'))),
    ...(await lost(jobs, 'replay', replays.rows)),
    ...(await lost(jobs, 'schedule', schedules.rows)),
    ...(await lost(jobs, 'fire', timers.rows)),
  ]
}

interface Overdue {
  id: string
  priority: Priority
  since: Date
}

async function lost(jobs: Jobs, stage: Stage, rows: Overdue[]): Promise<Alarm[]> {
  const alarms: Alarm[] = []
  for (const priority of priorities) {
    const late = rows.filter((row) => row.priority === priority)
    if (late.length === 0) continue
    const oldest = await jobs.oldestWaiting(stage, priority)
    for (const { id, since } of late) if (!oldest || since < oldest) alarms.push({ stage, priority, id })
  }
  return alarms
}
