// Removes a person from the tables that are not about one event: suppressions, preferences, payments, reports, the access log.
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

/** Payments are then told apart by their names alone. */
export async function anonymizePaymentsOf(
  tx: Tx,
  { digests, eventIds }: { digests: string[]; eventIds: string[] },
  { name }: Anonymizer,
): Promise<void> {
  const rows = await query<{ fact: string; names: string[] }>(
    tx,
    `select fact, names from payments where email_digest = any($1)
       or fact in (select fact from events where id = any($2) and fact is not null)`,
    [digests, eventIds],
  )
  const after = rows.map(({ fact, names }) => ({ fact, factAfter: name(fact), names: names.map(name) }))
  await tx.query(
    `update payments p set fact = c.fact_after, names = array(select json_array_elements_text(c.names)), customer = null,
       email_digest = null, orders = '{}', shop_reference = null, forgotten_at = now()
     from json_to_recordset($1) as c(fact text, fact_after text, names json) where p.fact = c.fact`,
    [toRecords(after)],
  )
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
