// Retention: removes bodies, messages, personal data and, if asked to, the audit by age.
import { type Db, query, type Tx } from '../db.ts'

export interface Aged {
  id: string
  receivedAt: Date
  /** The number of its notifications. */
  notifications: number
  /** It, a notification or a timer of it is not final, or not old enough. */
  isBusy: boolean
}

const isUnsettled = `n.state in ('scheduled', 'pending', 'sending', 'unconfirmed')`
/** SQL of a notification, with the cutoff `$2`; its age counts from its last send, which may be long after its event. */
const isBusy = `(${isUnsettled} or greatest(n.created_at, n.scheduled_for, n.sent_at) >= $2)`
const hasTimer = 'exists (select from timers t where t.event_id = e.id and t.fired_at is null and t.stopped_at is null)'

/** The oldest events received before `before` that still have their data, after `after`. */
export async function agedEvents(db: Db, before: Date, after: Aged | null, limit: number): Promise<Aged[]> {
  return query<Aged>(
    db,
    `select e.id, e.received_at, n.count as notifications,
       e.status = 'accepted' or n.busy or ${hasTimer} as is_busy
     from events e cross join lateral (
       select count(*)::integer as count, coalesce(bool_or(${isBusy}), false) as busy from notifications n
       where n.event_id = e.id) n
     where e.forgotten_at is null and e.received_at < $2 and ($3::uuid is null or (e.received_at, e.id) > ($4, $3))
     order by e.received_at, e.id limit $1`,
    [limit, before, after?.id ?? null, after?.receivedAt ?? null],
  )
}

/** The oldest events received before `before` that have lost their body and whose notifications still have their addresses. */
export async function agedAddresses(db: Db, before: Date, after: Aged | null, limit: number): Promise<Aged[]> {
  return query<Aged>(
    db,
    `select e.id, e.received_at, n.count as notifications, n.busy as is_busy
     from events_with_addresses k join events e on e.id = k.event_id cross join lateral (
       select count(*)::integer as count, coalesce(bool_or(${isBusy}), false) as busy from notifications n
       where n.event_id = e.id) n
     where k.event_id < first_id_at($2) and ($3::uuid is null or k.event_id > $3) order by k.event_id limit $1`,
    [limit, before, after?.id ?? null],
  )
}

/** The next notifications after an id that are as old as `before` and have a message or a part of a digest, in order. */
export async function agedMessages(
  db: Db,
  before: Date,
  after: string | null,
  limit: number,
): Promise<{ id: string; isBusy: boolean }[]> {
  const oldest = (table: string) => `(select notification_id as id from ${table}
    where notification_id > $3 and notification_id < first_id_at($2) order by 1 limit $1)`
  return query(
    db,
    `with aged as materialized (select id from (${oldest('messages')} union ${oldest('digest_parts')}) a order by id limit $1)
     select n.id, ${isBusy} or n.content_removed_at is not null as is_busy from aged join notifications n on n.id = aged.id
     order by n.id`,
    [limit, before, after ?? nothing],
  )
}

/** Removes the messages of these notifications, but of those that have changed meanwhile. Returns how many. */
export async function forgetMessages(tx: Tx, ids: string[], { before, now, upTo }: Forgetting): Promise<number> {
  await tx.query('select from notification_states where id = any($1) order by id for update', [ids])
  const rows = await query<{ id: string }>(
    tx,
    `with gone as (
       update notification_states s set content_removed_at = $3 from notifications n
       where s.id = any($1) and n.id = s.id and s.content_removed_at is null and not ${isBusy} returning s.id)
     update notification_details d set subject = null from gone where d.id = gone.id returning d.id`,
    [ids, before, now],
  )
  const gone = rows.map(({ id }) => id)
  await removeMessages(tx, gone, upTo)
  return gone.length
}

/** Removes the addresses of these events' notifications, but of events that have changed meanwhile. Returns how many. */
export async function forgetAddresses(tx: Tx, eventIds: string[], { before, now }: Forgetting): Promise<number> {
  const { rowCount } = await tx.query(
    `with gone as (
       delete from events_with_addresses k where event_id = any($1)
         and not exists (select from notifications n where n.event_id = k.event_id and ${isBusy}) returning event_id),
     details as (
       update notification_details d set address = null from gone where d.event_id = gone.event_id returning d.id)
     update notification_states s set forgotten_at = $3 from details where s.id = details.id and s.forgotten_at is null`,
    [eventIds, before, now],
  )
  return rowCount ?? 0
}

/** In the order in which a replay locks them, and before their events. */
export async function lockNotificationsOf(tx: Tx, eventIds: string[]): Promise<void> {
  await tx.query(
    `select from notification_states where id in (select id from notification_details where event_id = any($1))
     order by id for update`,
    [eventIds],
  )
}

/** Marks events as forgotten and returns their ids; an event that has changed meanwhile is left for the next run. */
export async function markForgotten(tx: Tx, eventIds: string[], before: Date, now: Date): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    // Locked in one order, so that two runs cannot deadlock.
    `with locked as materialized (select id from events where id = any($1) order by id for no key update)
     update events e set forgotten_at = $3 from locked
     where e.id = locked.id and e.forgotten_at is null and e.status <> 'accepted'
       and not ${hasTimer} and not exists (select from notifications n where n.event_id = e.id and ${isBusy})
     returning e.id`,
    [eventIds, before, now],
  )
  return rows.map((row) => row.id)
}

/** Notes that the addresses of these events outlive their bodies. */
export async function keepAddresses(tx: Tx, eventIds: string[]): Promise<void> {
  await tx.query('insert into events_with_addresses select unnest($1::uuid[]) on conflict do nothing', [eventIds])
}

/** Up to which id a day that is to be dropped has the content, by table; such content is not removed row by row. */
export type DroppedUpTo = Partial<Record<string, string>>

const nothing = '00000000-0000-0000-0000-000000000000'

export interface Forgetting {
  /** What is older goes. */
  before: Date
  now: Date
  upTo: DroppedUpTo
}

interface Content {
  eventIds: string[]
  notificationIds: string[]
}

/** Removes the bodies of these events, and the messages of these notifications. */
export async function removeContent(tx: Tx, { eventIds, notificationIds }: Content, upTo: DroppedUpTo): Promise<void> {
  const { event_bodies: bodies = nothing } = upTo
  await tx.query('delete from event_bodies where event_id = any($1) and event_id >= $2', [eventIds, bodies])
  await tx.query('delete from event_bodies_rest where event_id = any($1)', [eventIds])
  await tx.query(`update event_enrichments set found = '{}' where event_id = any($1) and found is not null`, [eventIds])
  await removeMessages(tx, notificationIds, upTo)
}

async function removeMessages(tx: Tx, ids: string[], { messages = nothing }: DroppedUpTo): Promise<void> {
  await tx.query('delete from messages where notification_id = any($1) and notification_id >= $2', [ids, messages])
  await tx.query('delete from messages_rest where notification_id = any($1)', [ids])
  await tx.query('delete from digest_parts where notification_id = any($1)', [ids])
}

/** Removes the bodies of at most `limit` reports and returns how many. Hashes go too: a short body could be guessed from one. */
export async function removeReports(db: Db, before: Date, upTo: DroppedUpTo, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `with old as materialized (
       select report_id from report_bodies where received_at < $1 and report_id >= $2 order by received_at limit $3),
     rest as materialized (select report_id from report_bodies_rest where received_at < $1 limit $3)
     delete from report_bodies where report_id in (select report_id from old union select report_id from rest)`,
    [before, upTo.report_bodies ?? nothing, limit],
  )
  return rowCount ?? 0
}

/** Removes at most `limit` old notifications with their audit, and returns how many, and whether that was all (sql/020). */
export async function endAudit(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ notifications: number; isDone: boolean }> {
  const [ended] = await query<{ notifications: number; isDone: boolean }>(
    db,
    'select notifications, is_done from end_audit($1, $2)',
    [before, limit],
  )
  if (!ended) throw new Error('the database answered without a row')
  return ended
}
