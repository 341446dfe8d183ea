// Retention: removes bodies, messages and personal data by age. Rows, attempts and timelines stay without them.
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

/** Up to which id a day that is to be dropped has the content, by table; such content is not removed row by row. */
export type DroppedUpTo = Partial<Record<string, string>>

const nothing = '00000000-0000-0000-0000-000000000000'

interface Content {
  eventIds: string[]
  notificationIds: string[]
}

/** Removes the bodies of these events, and the messages of these notifications. */
export async function removeContent(tx: Tx, { eventIds, notificationIds }: Content, upTo: DroppedUpTo): Promise<void> {
  const { event_bodies: bodies = nothing, messages = nothing } = upTo
  await tx.query('delete from event_bodies where event_id = any($1) and event_id >= $2', [eventIds, bodies])
  await tx.query('delete from event_bodies_rest where event_id = any($1)', [eventIds])
  await tx.query(`update event_enrichments set found = '{}' where event_id = any($1) and found is not null`, [eventIds])
  await tx.query('delete from messages where notification_id = any($1) and notification_id >= $2', [
    notificationIds,
    messages,
  ])
  await tx.query('delete from messages_rest where notification_id = any($1)', [notificationIds])
  await tx.query('delete from digest_parts where notification_id = any($1)', [notificationIds])
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
