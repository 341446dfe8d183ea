// Finds what is stored about a person: their ids and addresses, the events that concern them, and what is on its way to them.
import { query, type Reader, type Tx } from '../db.ts'

/** The ids and addresses that one person is known by. Addresses are in lower case. */
export interface Person {
  ids: string[]
  addresses: string[]
}

/** An id with the addresses that it was written to, or an address with the ids that it was written under. */
export interface WithOthers {
  key: string
  /** At most as many as were asked for. */
  others: string[]
}

const toPeople = `channel <> 'callback'`

/** The addresses that each of these ids was written to, at most `most` of each. */
export async function addressesOfIds(db: Reader, ids: string[], most: number): Promise<WithOthers[]> {
  return query<WithOthers>(
    db,
    `select k.key, array(select distinct lower(address) from notification_details
       where recipient_id = k.key and address is not null and ${toPeople} limit $2) as others
     from unnest($1::text[]) as k(key)`,
    [ids, most],
  )
}

/** The ids that each of these addresses was written under, at most `most` of each. */
export async function idsOfAddresses(db: Reader, addresses: string[], most: number): Promise<WithOthers[]> {
  return query<WithOthers>(
    db,
    `select k.key, array(select distinct recipient_id from notification_details
       where lower(address) = k.key and recipient_id is not null and ${toPeople} limit $2) as others
     from unnest($1::text[]) as k(key)`,
    [addresses, most],
  )
}

/** The notifications to a person. */
export async function notificationsTo(
  db: Reader,
  { ids, addresses }: Person,
): Promise<{ id: string; eventId: string }[]> {
  return query(
    db,
    `select id, event_id from notification_details
     where ${toPeople} and (recipient_id = any($1) or lower(address) = any($2)) order by created_at, id`,
    [ids, addresses],
  )
}

export interface Busy {
  sending: number
  unconfirmed: number
  planning: number
  /** Of `others`: a message that is not sent yet cannot lose its content. */
  toOthers: number
}

/** How much of these is in a state in which it may be sent, so that it cannot be erased yet. */
export async function countBusy(
  db: Reader,
  { own, others, eventIds }: { own: string[]; others: string[]; eventIds: string[] },
): Promise<Busy> {
  const [row] = await query<Busy>(
    db,
    `select count(*) filter (where id = any($1) and state in ('scheduled', 'pending', 'sending'))::integer as sending,
       count(*) filter (where id = any($1) and state = 'unconfirmed')::integer as unconfirmed,
       count(*) filter (where id = any($2) and state in ('scheduled', 'pending', 'sending', 'unconfirmed'))::integer as to_others,
       (select count(*) from events where id = any($3) and status = 'accepted')::integer as planning
     from notification_states where id = any($1) or id = any($2)`,
    [own, others, eventIds],
  )
  return row ?? { sending: 0, unconfirmed: 0, planning: 0, toOthers: 0 }
}

/** Locks events, in one order. */
export async function lockEvents(tx: Tx, eventIds: string[]): Promise<void> {
  await tx.query('select from events where id = any($1) order by id for no key update', [eventIds])
}

/** Changes with any of these events' bodies. Reads none of them, as they may be gigabytes. */
export async function versionOfBodies(db: Reader, eventIds: string[]): Promise<string> {
  const [row] = await query<{ version: string }>(
    db,
    `select coalesce(md5(string_agg(concat_ws(':', event_id, cuts, octet_length(raw)), ' ' order by event_id)), '') as version
     from event_bodies where event_id = any($1)`,
    [eventIds],
  )
  return row?.version ?? ''
}

/** Replaces it by what is left of it. */
export async function cutBody(tx: Tx, eventId: string, rest: Buffer): Promise<void> {
  await tx.query('update event_bodies set raw = $2, cuts = cuts + 1 where event_id = $1', [eventId, rest])
}

/** Ids of all notifications of these events, callbacks included. */
export async function notificationsOf(db: Reader, eventIds: string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(db, 'select id from notification_details where event_id = any($1)', [
    eventIds,
  ])
  return rows.map(({ id }) => id)
}

/**
 * Notifications of these events, beside those: callbacks and messages to others. So are the digests that others got with a part of
 * these events.
 */
export async function othersOf(db: Reader, eventIds: string[], those: string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(
    db,
    `select id from notification_details where event_id = any($1) union
     select d.id from notification_details p join notification_states s on s.id = p.id
       join notification_details d on d.fact = 'digest:' || s.digest_key
     where p.event_id = any($1) and s.digest_key is not null`,
    [eventIds],
  )
  const known = new Set(those)
  return rows.map(({ id }) => id).filter((id) => !known.has(id))
}

/** Their messages go, and their subjects; whom they went to stays. */
export async function removeMessagesOf(tx: Tx, ids: string[]): Promise<void> {
  await tx.query('delete from messages where notification_id = any($1)', [ids])
  await tx.query('delete from digest_parts where notification_id = any($1)', [ids])
  await tx.query('update notification_details set subject = null where id = any($1)', [ids])
}

export async function markErased(tx: Tx, eventIds: string[], now: Date): Promise<void> {
  await tx.query('update events set forgotten_at = $2 where id = any($1) and forgotten_at is null', [eventIds, now])
}

export async function stopTimersOf(tx: Tx, eventIds: string[], params: string, now: Date): Promise<void> {
  await tx.query(
    `update timers set stopped_at = $2, reason_code = 'cancelled', reason_params = $3
     where event_id = any($1) and fired_at is null and stopped_at is null`,
    [eventIds, now, params],
  )
}
