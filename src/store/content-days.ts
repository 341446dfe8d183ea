// The tables that hold the content of one day each (sql/014): made ahead, and dropped once most of their content has expired.
import { type Db, query } from './db.ts'

export interface ContentDay {
  name: string
  parent: string
  fromId: string
  toId: string
  /** What is older is no longer kept. */
  before: Date
}

const contentTables = ['event_bodies', 'messages', 'report_bodies'] as const
export type KeptSince = Record<(typeof contentTables)[number], Date>

/** Makes the tables of a day, `date` as in `2026-11-30`, and returns how many were missing. */
export async function makeContentDay(db: Db, date: string): Promise<number> {
  const made = await query<{ made: boolean }>(
    db,
    'select make_content_day(parent, $2::date) as made from unnest($1::text[]) as parent',
    [contentTables, date],
  )
  return made.filter((one) => one.made).length
}

/** The days that end before what is kept of their content, the oldest first. */
export async function contentDaysBefore(db: Db, since: KeptSince): Promise<ContentDay[]> {
  return query<ContentDay>(
    db,
    `select name, parent, from_id, to_id, before
     from content_days join unnest($1::text[], $2::timestamptz[]) as kept(of_parent, before) on of_parent = parent
     where to_id <= first_id_at(before) order by to_id, name`,
    [contentTables, contentTables.map((table) => since[table])],
  )
}

/**
 * Drops a day, and returns how many rows were removed. Null, and nothing happens, if more than `most` rows of it are needed,
 * because retention has not removed them.
 */
export async function dropContentDay(db: Db, { name, before }: ContentDay, most: number): Promise<number | null> {
  const [day] = await query<{ removed: string | null }>(db, 'select drop_content_day($1, $2, $3) as removed', [
    name,
    before,
    most,
  ])
  return day?.removed == null ? null : Number(day.removed)
}

/** Removes what is forgotten of the next `limit` rows of a day after an id. Returns the last of these ids; null at the end. */
export async function removeForgotten(
  db: Db,
  { parent, toId }: ContentDay,
  after: string,
  limit: number,
): Promise<string | null> {
  const [part] = await query<{ last: string | null }>(
    db,
    parent === 'messages'
      ? `with part as materialized (
           select notification_id as id from messages where notification_id > $1 and notification_id < $2
           order by notification_id limit $3),
         removed as (
           delete from messages m using part, notification_states s
           where m.notification_id = part.id and m.notification_id > $1 and m.notification_id < $2
             and s.id = part.id and (s.content_removed_at is not null or s.forgotten_at is not null))
         select id as last from part order by id desc limit 1`
      : `with part as materialized (
           select event_id as id from event_bodies where event_id > $1 and event_id < $2 order by event_id limit $3),
         removed as (
           delete from event_bodies b using part, events e
           where b.event_id = part.id and b.event_id > $1 and b.event_id < $2 and e.id = part.id and e.forgotten_at is not null)
         select id as last from part order by id desc limit 1`,
    [after, toId, limit],
  )
  return part?.last ?? null
}
