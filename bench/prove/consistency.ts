// What must hold in a database at any moment, whatever was running: the rows behind each acknowledgement and each call, one
// open attempt at most, states that agree with attempts, and no row without those that it belongs to.
import type pg from 'pg'
import type { Mark } from './wal.ts'

/** Queries that find what is wrong, as a sentence about a table and a row. */
const checks: string[] = [
  // Accepting is one transaction: an event, its body, and a job until it is planned.
  `select 'event_bodies has no body of event ' || source_id from events e
   where not exists (select from event_bodies b where b.event_id = e.id)`,
  `select 'job has no plan job of the accepted event ' || source_id from events e where status = 'accepted' and not exists (
     select from posthorn_jobs.job j where j.name like 'plan%' and j.state <> 'completed' and j.data ->> 'id' = e.id::text)`,
  // Planning is one transaction: all notifications with their messages, or none.
  `select 'notifications has ' || count(n.id) || ' rows of the ' || e.status || ' event ' || e.source_id
   from events e left join notifications n on n.event_id = e.id where e.status in ('accepted', 'planned')
   group by e.id having count(n.id) <> case e.status when 'planned' then 2 else 0 end`,
  `select 'messages has no message of notification ' || id from notifications n
   where not exists (select from messages m where m.notification_id = n.id)`,
  // Delivering.
  `select 'attempts has ' || count(*) || ' open rows of notification ' || notification_id
   from attempts where outcome is null group by notification_id having count(*) > 1`,
  `select 'attempts has the numbers ' || string_agg(number::text, ', ' order by number) || ' of notification ' || notification_id
   from attempts group by notification_id having count(distinct number) <> max(number) or count(*) <> max(number)`,
  `select 'notifications has ' || n.id || ' as ' || n.state || ', but attempts has ' || count(a.id) || ' open rows of it'
   from notifications n left join attempts a on a.notification_id = n.id and a.outcome is null
   group by n.id having count(a.id) <> case n.state when 'sending' then 1 else 0 end`,
  `select 'notifications has ' || n.id || ' as ' || n.state || ', but no attempt of it was taken' from notifications n
   where state in ('sent', 'delivered') and not taken(n.id)`,
  `select 'notifications has ' || n.id || ' as ' || n.state || ', but an attempt of it was taken' from notifications n
   where state in ('scheduled', 'pending', 'failed', 'expired') and taken(n.id)`,
  // Rows that belong to others.
  ...[
    ['notifications', 'event_id', 'events'],
    ['attempts', 'notification_id', 'notifications'],
    ['messages', 'notification_id', 'notifications'],
    ['settlements', 'attempt_id', 'attempts'],
    ['receipts', 'notification_id', 'notifications'],
    ['receipts', 'report_id', 'reports'],
    ['timeline_entries', 'notification_id', 'notifications'],
  ].map(
    ([table, column, other]) =>
      `select '${table} has a row whose ${column} ' || t.${column} || ' is not in ${other}' from ${table} t
       where t.${column} is not null and not exists (select from ${other} o where o.id = t.${column})`,
  ),
]

const taken = /taken\(n\.id\)/
const wasTaken = `(exists (select from attempts a where a.notification_id = n.id and a.outcome = 'accepted')
  or exists (select from settlements s join attempts a on a.id = s.attempt_id
    where a.notification_id = n.id and s.verdict = 'taken'))`

/** Everything that is wrong, at most a few of each kind. */
export async function faultsOf(db: pg.Pool, marks: Mark[]): Promise<string[]> {
  const faults: string[] = []
  const keysOf = (kind: Mark['kind']) => marks.filter((mark) => mark.kind === kind).map(({ key }) => key)
  const missing = await db.query<{ key: string }>(
    'select key from unnest($1::text[]) as key where not exists (select from events where source_id = key) limit 3',
    [keysOf('event')],
  )
  faults.push(...missing.rows.map(({ key }) => `events has no row ${key}, which was answered 200`))
  const unknown = await db.query<{ key: string }>(
    `select key from unnest($1::text[]) as key where not exists (
       select from attempts a join notifications n on n.id = a.notification_id where n.address = key) limit 3`,
    [keysOf('call')],
  )
  faults.push(...unknown.rows.map(({ key }) => `attempts has no row for ${key}, for whom a vendor took a message`))
  for (const check of checks) {
    const { rows } = await db.query<Record<string, string>>(`${check.replace(taken, wasTaken)} limit 3`)
    faults.push(...rows.map((row) => Object.values(row)[0] ?? ''))
  }
  return faults
}
