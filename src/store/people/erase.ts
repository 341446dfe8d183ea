// Removes a person from the tables that are not about one event: suppressions, preferences, reports, the access log.
import { query, type Reader, type Tx, toRecords } from '../db.ts'
import { type Anonymizer, idsOf, oneByOne, orNull } from './anonymize.ts'
import type { Person } from './person.ts'

/** Why an address stays suppressed, in place of an operator's own words, which may name the person. */
const erasedReason = 'asked to be forgotten'
/** What is not an operator's own words. */
const kinds = ['hard_bounce', 'invalid_address', 'opted_out', 'complaint']

/** Suppressions and opt-outs hold on under pseudonyms; what the person allowed is removed. */
export async function pseudonymizeChoices(tx: Tx, { ids, addresses }: Person, { always }: Anonymizer): Promise<void> {
  const texts = [...ids, ...addresses]
  const pairs = toRecords(await oneByOne(texts, async (text) => ({ before: text, after: await always(text) })))
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

/** Removes the person from operators' reasons to suppress others. */
export async function anonymizeReasons(tx: Tx, ids: string[], { text }: Anonymizer): Promise<void> {
  const rows = await query<{ id: string; reason: string }>(
    tx,
    `select id, reason from suppressions where kind = 'operator' and id = any($1)`,
    [ids],
  )
  const after = await oneByOne(rows, async ({ id, reason }) => ({ id, reason: await text(reason) }))
  await tx.query(
    `update suppressions s set reason = c.reason from json_to_recordset($1) as c(id uuid, reason text)
     where s.kind = 'operator' and s.id = c.id`,
    [toRecords(after)],
  )
}

/** Removes the bodies of these reports. */
export async function removeBodiesOf(tx: Tx, reportIds: string[]): Promise<void> {
  await tx.query('delete from report_bodies where report_id = any($1)', [reportIds])
}

/** The latest entry of the access log. */
export async function lastAccess(db: Reader): Promise<string> {
  const [row] = await query<{ id: string }>(db, 'select coalesce(max(id), 0) as id from access_log')
  return row?.id ?? '0'
}

/** The entries of the access log after this one that have one of these ids or addresses as it is. */
export async function accessesTo(db: Reader, keys: string[], after: string): Promise<string[]> {
  const rows = await query<{ id: string }>(db, 'select id from access_log where id > $2 and whose && $1', [keys, after])
  return rows.map(({ id }) => id)
}

/** Removes whose data was seen, but not who saw it and when. */
export async function anonymizeAccesses(tx: Tx, ids: string[], { person }: Anonymizer): Promise<void> {
  const rows = await query<{ id: string; whose: string[] }>(tx, 'select id, whose from access_log where id = any($1)', [
    ids,
  ])
  const after = await oneByOne(rows, async ({ id, whose }) => ({ id, whose: await oneByOne(whose, person) }))
  await tx.query(
    `update access_log l set whose = array(select json_array_elements_text(c.whose))
     from json_to_recordset($1) as c(id bigint, whose json) where l.id = c.id`,
    [toRecords(after)],
  )
}

/** The receipts for these notifications. */
export async function receiptsFor(tx: Tx, notificationIds: string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(tx, 'select id from receipts where notification_id = any($1)', [
    notificationIds,
  ])
  return rows.map(({ id }) => id)
}

/** The receipts that these reports brought. */
export async function receiptsIn(tx: Tx, reportIds: string[]): Promise<string[]> {
  // By their time, for which there is an index.
  const rows = await query<{ id: string }>(
    tx,
    `select c.id from reports r cross join lateral (
       select id from receipts where report_id = r.id
         and received_at between r.received_at - interval '1 minute' and r.received_at + interval '1 minute') c
     where r.id = any($1)`,
    [reportIds],
  )
  return rows.map(({ id }) => id)
}

/** Removes the person from ids and texts that the provider gave. */
export async function anonymizeReceipts(tx: Tx, ids: string[], { name, text }: Anonymizer): Promise<void> {
  type Row = { id: string; key: string } & Record<'providerMessageId' | 'code' | 'text', string | null>
  const rows = await query<Row>(
    tx,
    'select id, key, provider_message_id, code, text from receipts where id = any($1)',
    [ids],
  )
  const after = await oneByOne(rows, async (row) => ({
    id: row.id,
    key: await name(row.key),
    providerMessageId: await orNull(name, row.providerMessageId),
    code: await orNull(name, row.code),
    text: await orNull(text, row.text),
  }))
  await tx.query(
    `update receipts r set key = c.key, provider_message_id = c.provider_message_id, code = c.code, text = c.text
     from json_to_recordset($1) as c(id uuid, key text, provider_message_id text, code text, text text)
     where r.id = c.id and r.id = any($2) and (r.key, r.provider_message_id, r.code, r.text)
       is distinct from (c.key, c.provider_message_id, c.code, c.text)`,
    [toRecords(after), idsOf(after)],
  )
}

/** The transaction may pause for minutes between statements, while long texts are searched. */
export async function allowLongPauses(tx: Tx): Promise<void> {
  await tx.query(`set local idle_in_transaction_session_timeout = '5min'`)
}

/** Drops status changes that have not been sent to apps yet. */
export async function dropStatusChanges(tx: Tx, notificationIds: string[]): Promise<void> {
  await tx.query(`delete from callback_outbox where (notification->>'id')::uuid = any($1)`, [notificationIds])
}
