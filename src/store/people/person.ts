// Finds what is stored about a person: their ids and addresses, the events that concern them, and what is on its way to them.
import { type Db, query, type Reader, type Tx } from '../db.ts'

/** The ids and addresses that one person is known by. Addresses are in lower case. */
export interface Person {
  ids: string[]
  addresses: string[]
}

/** One step from an id or an address: the other addresses of that id, or the ids that the address was written under, with theirs. */
export async function personOf(db: Reader, { id, address }: { id: string; address: string }): Promise<Person> {
  const rows = await query<{ recipientId: string | null; address: string | null }>(
    db,
    `with ids as (
       select $1 as id union
       select recipient_id from notification_details where lower(address) = lower($2) and channel <> 'callback')
     select recipient_id, lower(address) as address from notification_details
     where channel <> 'callback' and (recipient_id in (select id from ids) or lower(address) = lower($2))
     group by 1, 2`,
    [id, address],
  )
  const set = (texts: (string | null)[]) => [...new Set(texts.filter((text) => text !== null))]
  return { ids: set(rows.map((row) => row.recipientId)), addresses: set(rows.map((row) => row.address)) }
}

/** The notifications to a person. */
export async function notificationsTo(
  db: Reader,
  { ids, addresses }: Person,
): Promise<{ id: string; eventId: string }[]> {
  return query(
    db,
    `select id, event_id from notification_details
     where channel <> 'callback' and (recipient_id = any($1) or lower(address) = any($2)) order by created_at, id`,
    [ids, addresses],
  )
}

const bodiesAtOnce = 5000

/** Events whose stored body matches, `pattern` being a regular expression in lower case. Reads every body, in parts. */
export async function eventsNaming(db: Db, pattern: string): Promise<string[]> {
  return matching(
    db,
    `select event_id as id, raw from event_bodies where event_id > $1 order by event_id limit $2`,
    pattern,
  )
}

/** Reports of providers whose body matches. */
export async function reportsNaming(db: Db, pattern: string): Promise<string[]> {
  return matching(
    db,
    `select report_id as id, raw from report_bodies where report_id > $1 order by report_id limit $2`,
    pattern,
  )
}

/** Each part has a statement of its own, so that none runs into the time limit. */
async function matching(db: Db, part: string, pattern: string): Promise<string[]> {
  const found: string[] = []
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    // As bytes, each of which is a character of this encoding, as a body need not be UTF-8. None holds a zero.
    const read = await query<{ id: string; isFound: boolean }>(
      db,
      `select id, lower(convert_from(raw, 'LATIN1') collate "C") ~ $3 as is_found from (${part}) as b order by id`,
      [after, bodiesAtOnce, Buffer.from(pattern).toString('latin1')],
    )
    found.push(...read.filter(({ isFound }) => isFound).map(({ id }) => id))
    after = read.at(-1)?.id ?? after
    if (read.length < bodiesAtOnce) return found
  }
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
  tx: Tx,
  { own, others, eventIds }: { own: string[]; others: string[]; eventIds: string[] },
): Promise<Busy> {
  const [row] = await query<Busy>(
    tx,
    `select count(*) filter (where id = any($1) and state in ('scheduled', 'pending', 'sending'))::integer as sending,
       count(*) filter (where id = any($1) and state = 'unconfirmed')::integer as unconfirmed,
       count(*) filter (where id = any($2) and state in ('scheduled', 'pending', 'sending', 'unconfirmed'))::integer as to_others,
       (select count(*) from events where id = any($3) and status = 'accepted')::integer as planning
     from notification_states where id = any($1) or id = any($2)`,
    [own, others, eventIds],
  )
  return row ?? { sending: 0, unconfirmed: 0, planning: 0, toOthers: 0 }
}

export interface StoredBody {
  eventId: string
  raw: Buffer | null
}

/** Locks events, in one order, and reads their bodies. */
export async function lockBodies(tx: Tx, eventIds: string[]): Promise<StoredBody[]> {
  await tx.query('select from events where id = any($1) order by id for no key update', [eventIds])
  return query<StoredBody>(
    tx,
    'select e.id as event_id, b.raw from events e left join event_bodies b on b.event_id = e.id where e.id = any($1) order by e.id',
    [eventIds],
  )
}

export async function replaceBody(tx: Tx, eventId: string, raw: Buffer): Promise<void> {
  await tx.query('update event_bodies set raw = $2 where event_id = $1', [eventId, raw])
}

/** Ids of all notifications of these events, callbacks included. */
export async function notificationsOf(tx: Tx, eventIds: string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(tx, 'select id from notification_details where event_id = any($1)', [
    eventIds,
  ])
  return rows.map(({ id }) => id)
}

/** Notifications of these events, beside those, whose content matches: callbacks, and messages to others. */
export async function othersNaming(tx: Tx, eventIds: string[], those: string[], pattern: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select n.id from notification_details n join messages m on m.notification_id = n.id
     where n.event_id = any($1) and n.id <> all($2) and lower(m.content::text) ~ $3`,
    [eventIds, those, pattern],
  )
  return rows.map(({ id }) => id)
}

/** Their messages go, and their subjects; whom they went to stays. */
export async function removeMessagesOf(tx: Tx, ids: string[]): Promise<void> {
  await tx.query('delete from messages where notification_id = any($1)', [ids])
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
