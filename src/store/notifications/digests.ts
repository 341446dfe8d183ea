// Digest parts: notifications that wait to be combined into one.
import { paramsOf } from '../../domain/coded.ts'
import type { Category, Channel, DigestPart, NewNotification, WhenUnsure } from '../../domain/notification.ts'
import type { Reason } from '../../domain/reason.ts'
import type { SandboxCause } from '../../domain/sandbox.ts'
import type { Entry } from '../../domain/timeline.ts'
import { query, type Reader, type Tx } from '../db.ts'

/** A notification that waits for its digest. */
export interface Part {
  id: string
  eventId: string
  eventType: string
  sourceType: string
  source: string
  notifier: string
  category: Category
  channel: Channel
  recipientId: string | null
  to: string
  locale: string
  timezone: string
  reference: string | null
  priority: NewNotification['priority']
  whenUnsure: WhenUnsure
  sandboxed: SandboxCause | null
  scheduledFor: Date
  digestKey: string
  content: DigestPart
}

/** The digest that a part waits for, and its time; undefined if the part no longer waits. */
export async function digestWith(db: Reader, partId: string): Promise<{ key: string; at: Date } | undefined> {
  const rows = await query<{ key: string; at: Date }>(
    db,
    `select n.digest_key as key, n.scheduled_for as at from notifications n
     where n.id = $1 and n.state = 'scheduled' and n.digest_key is not null`,
    [partId],
  )
  return rows[0]
}

export interface DigestTry {
  /** The part on which it is counted: the digest's first. */
  partId: string
  /** How many there were in a row, this one included. */
  tries: number
}

/**
 * Begins a try to make a digest, and counts it. Null if nothing of it is due: it was made, or another try has it until its
 * `until`. Null also, for `untried`, if a try was counted before.
 */
export async function beginDigest(
  db: Reader,
  key: string,
  { which, now, until }: { which: 'untried' | 'tried'; now: Date; until: Date },
): Promise<DigestTry | null> {
  const [started] = await query<DigestTry>(
    db,
    `update notification_states set tries = tries + 1, due_at = $3
     where id = (select id from notification_states where digest_key = $1 and state = 'scheduled' order by id limit 1)
       and state = 'scheduled' and due_at <= $2 and (tries = 0 or $4) returning id as part_id, tries`,
    [key, now, until, which === 'tried'],
  )
  return started ?? null
}

/** Lets the next try of a digest begin. `uncounted`: this one failed through no fault of its parts. */
export async function endDigestTry(db: Reader, partId: string, dueAt: Date, uncounted: boolean): Promise<void> {
  await db.query(
    `update notification_states set due_at = $2, tries = greatest(tries - $3::integer, 0) where id = $1 and state = 'scheduled'`,
    [partId, dueAt, uncounted ? 1 : 0],
  )
}

/** False if another worker makes this digest. Held until the transaction ends. */
export async function lockDigest(tx: Tx, key: string): Promise<boolean> {
  const [row] = await query<{ locked: boolean }>(
    tx,
    'select pg_try_advisory_xact_lock(hashtextextended($1, 35)) as locked',
    [key],
  )
  return row?.locked ?? false
}

/** All parts that wait for a digest. The ids stay a Postgres array in text, so that no number of them costs a turn. */
export interface Waiting {
  ids: string
  count: number
  /** Null where one of them does not expire. */
  expiresAt: Date | null
  hasOneReference: boolean
  expired: string
  expiredCount: number
}

/** Locks all parts that wait for this digest. */
export async function lockParts(tx: Tx, digestKey: string, now: Date): Promise<Waiting> {
  const [waiting] = await query<Waiting>(
    tx,
    `with locked as materialized (
       select id from notification_states where digest_key = $1 and state = 'scheduled' order by id for update),
     parts as (select d.id, d.expires_at, d.reference, coalesce(d.expires_at <= $2, false) as is_over
       from locked join notification_details d using (id))
     select coalesce(array_agg(id order by id) filter (where not is_over), '{}')::text as ids,
       count(*) filter (where not is_over)::integer as count,
       case when bool_and(expires_at is not null) filter (where not is_over)
         then max(expires_at) filter (where not is_over) end as expires_at,
       count(distinct coalesce(reference, '')) filter (where not is_over) = 1 as has_one_reference,
       coalesce(array_agg(id order by id) filter (where is_over), '{}')::text as expired,
       count(*) filter (where is_over)::integer as expired_count
     from parts`,
    [digestKey, now],
  )
  if (!waiting) throw new Error('a count has no row')
  return waiting
}

/** The latest of these parts by their events, oldest first: at most `most`, and no more than `bytes` beside the last. */
export async function latestParts(
  tx: Tx,
  ids: string,
  { most, bytes }: { most: number; bytes: number },
): Promise<Part[]> {
  return query<Part>(
    tx,
    `with latest as materialized (
       select n.id, e.occurred_at, e.received_at from notification_details n join events e on e.id = n.event_id
       where n.id = any($1::uuid[]) order by e.occurred_at desc, e.received_at desc, n.id desc limit $2),
     sized as (
       select l.*, sum(octet_length(p.content::text)) over (order by l.occurred_at desc, l.received_at desc, l.id desc) as size,
         row_number() over (order by l.occurred_at desc, l.received_at desc, l.id desc) as place
       from latest l join digest_parts p on p.notification_id = l.id)
     select n.id, n.event_id, n.event_type, n.source_type, n.source, n.notifier, n.category, n.channel,
       n.recipient_id, n.address as "to", n.locale, n.timezone, n.reference, n.priority,
       n.when_unsure, n.sandboxed, n.scheduled_for, n.digest_key, p.content
     from sized s join notifications n on n.id = s.id join digest_parts p on p.notification_id = s.id
     where s.size <= $3 or s.place = 1 order by s.place desc`,
    [ids, most, bytes],
  )
}

export interface PartsEnd {
  state: 'digested' | 'expired' | 'failed'
  why: Reason
  at: Date
}

/** Ends waiting parts. */
export async function endParts(tx: Tx, ids: string, { state, why, at }: PartsEnd): Promise<void> {
  await tx.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = $4, due_at = null, tries = 0,
       given_up_at = case when $2 = 'failed' then $5 else given_up_at end
     where id = any($1::uuid[]) and state = 'scheduled'`,
    [ids, state, why.code, paramsOf(why), at],
  )
}

/** Adds the same entry to the timelines of all parts. */
export async function addToTimelines(tx: Tx, ids: string, at: Date, { code, params }: Entry): Promise<void> {
  await tx.query(
    `insert into timeline_entries (notification_id, at, code, params)
     select id, $2, $3, $4 from unnest($1::uuid[]) as id`,
    [ids, at, code, JSON.stringify(params)],
  )
}

/** The first ids of them. */
export async function firstIds(tx: Tx, ids: string, most: number): Promise<string[]> {
  const rows = await query<{ id: string }>(tx, 'select id from unnest($1::uuid[]) as id limit $2', [ids, most])
  return rows.map(({ id }) => id)
}

/** Moves waiting parts to another digest. */
export async function moveParts(tx: Tx, ids: string, next: { key: string; at: Date }): Promise<void> {
  await tx.query(
    `with moved as (
       update notification_states set due_at = $2, digest_key = $3, tries = 0
       where id = any($1::uuid[]) and state = 'scheduled' returning id)
     update notification_details d set scheduled_for = $2 from moved where d.id = moved.id`,
    [ids, next.at, next.key],
  )
}
