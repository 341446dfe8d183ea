// Removes a person from the tables that are not about one event: suppressions, preferences, reports, the access log.
import { query, type Tx, toRecords } from '../db.ts'
import type { Anonymizer } from './anonymize.ts'
import type { Person } from './person.ts'

/** Why an address stays suppressed, in place of an operator's own words, which may name the person. */
const erasedReason = 'asked to be forgotten'
/** What is not an operator's own words. */
const kinds = ['hard_bounce', 'invalid_address', 'opted_out', 'complaint']

/** Suppressions and opt-outs hold on under pseudonyms; what the person allowed is removed. */
export async function pseudonymizeChoices(tx: Tx, { ids, addresses }: Person, { always }: Anonymizer): Promise<void> {
  const pairs = toRecords([...ids, ...addresses].map((text) => ({ before: text, after: always(text) })))
  const renamed = 'json_to_recordset($1) as c(before text, after text)'
  await tx.query(
    `with gone as (delete from suppressions s using ${renamed} where s.address = c.before
       returning s.channel, c.after, s.reason, s.source, s.created_at)
     insert into suppressions (channel, address, reason, source, created_at)
     select channel, after, case when reason = any($2) then reason else $3 end, source, created_at from gone
     on conflict do nothing`,
    [pairs, kinds, erasedReason],
  )
  await tx.query(`delete from preferences p using ${renamed} where p.subject = c.before and p.allowed`, [pairs])
  await tx.query(
    `delete from preferences p using ${renamed} where p.subject = c.before and exists (
       select from preferences o where (o.subject, o.kind, o.app, o.category, o.channel) = (c.after, p.kind, p.app, p.category, p.channel))`,
    [pairs],
  )
  await tx.query(`update preferences p set subject = c.after from ${renamed} where p.subject = c.before`, [pairs])
}

/** Removes the bodies of these reports. */
export async function removeBodiesOf(tx: Tx, reportIds: string[]): Promise<void> {
  await tx.query('delete from report_bodies where report_id = any($1)', [reportIds])
}

/** Removes whose data was seen, but not who saw it and when. */
export async function anonymizeAccessTo(tx: Tx, ids: string[], pattern: string, { person }: Anonymizer): Promise<void> {
  const rows = await query<{ id: string; whose: string[] }>(
    tx,
    `select id, whose from access_log where whose && $2 or lower(array_to_string(whose, ' ')) ~ $1`,
    [pattern, ids],
  )
  await tx.query(
    `update access_log l set whose = array(select json_array_elements_text(c.whose))
     from json_to_recordset($1) as c(id bigint, whose json) where l.id = c.id`,
    [toRecords(rows.map(({ id, whose }) => ({ id, whose: whose.map(person) })))],
  )
}

/** What apps have not been told yet about these notifications, they are not told. */
export async function dropStatusChanges(tx: Tx, notificationIds: string[]): Promise<void> {
  await tx.query(`delete from callback_outbox where (notification->>'id')::uuid = any($1)`, [notificationIds])
}
