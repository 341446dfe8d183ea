// Finds and locks the notifications and timers that other events have superseded.
import type { SupersedingEvent } from '../../domain/deliverable.ts'
import { query, type Reader, type Tx } from '../db.ts'
import type { NewEvent, StoredEvent } from './insert.ts'
import { supersedingEventOf } from './stops.ts'
import { isWaiting } from './timers.ts'

/**
 * Serialises plans with a common reference to the end of the transaction, so that a notification and the event that
 * supersedes it, planned concurrently, see each other.
 */
export async function lockReferences(tx: Tx, references: string[]): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended(r, 0)) from (select unnest($1::text[]) r order by 1 offset 0) as locks`,
    [references],
  )
}

/** How many waiting notifications a stored event supersedes, planned or not. */
export async function countSuperseded(db: Reader, { id, references, type }: NewEvent): Promise<number> {
  const rows = await query<{ count: number }>(
    db,
    `select count(*)::integer as count from events e join notifications t on t.event_id = e.id
       cross join lateral (${supersedingEventOf('t')}) s
     where e.reference_names && $1 and e.id <> $2 and t.stopped_by @> array[$3] and t.state in ('scheduled', 'pending')
       and s.id = $2`,
    [references, id, type],
  )
  return rows[0]?.count ?? 0
}

/** Counts what an event has cancelled, for its audit. */
export async function addStopped(tx: Tx, eventId: string, count: number): Promise<void> {
  await tx.query('update events set stopped = stopped + $2 where id = $1', [eventId, count])
}

/** The other events with a common reference, read separately so that Postgres knows how few they are. */
export async function eventsSharingReference(db: Reader, { id, references }: StoredEvent): Promise<string[]> {
  const rows = await query<{ id: string }>(db, 'select id from events where reference_names && $1 and id <> $2', [
    references,
    id,
  ])
  return rows.map((row) => row.id)
}

export interface Superseded {
  id: string
  by: SupersedingEvent
}

/**
 * Locks the superseded notifications of these events; with `type`, only those superseded by events of that type. Only from
 * `scheduled` and `pending`: a notification with an open attempt belongs to its worker.
 */
export function lockSupersededNotifications(tx: Tx, eventIds: string[], type: string | null): Promise<Superseded[]> {
  const table = 'notification_details t join notification_states s on s.id = t.id'
  const lock = { table, canEnd: `s.state in ('scheduled', 'pending')`, locked: 's' }
  return lockSuperseded(tx, lock, [eventIds, type])
}

export function lockSupersededTimers(tx: Tx, eventIds: string[], type: string | null): Promise<Superseded[]> {
  return lockSuperseded(tx, { table: 'timers t', canEnd: isWaiting, locked: 't' }, [eventIds, type])
}

async function lockSuperseded(
  tx: Tx,
  { table, canEnd, locked }: { table: string; canEnd: string; locked: string },
  values: [eventIds: string[], type: string | null],
): Promise<Superseded[]> {
  const rows = await query<{ id: string; stop: string; type: string }>(
    tx,
    `select t.id, stop.id as stop, stop.type from ${table} cross join lateral (${supersedingEventOf('t')}) stop
     where t.event_id = any($1) and ($2::text is null or $2 = any(t.stopped_by)) and t.stopped_by is not null
       and ${canEnd} order by t.id for update of ${locked}`,
    values,
  )
  return rows.map(({ id, stop, type }) => ({ id, by: { id: stop, type } }))
}
