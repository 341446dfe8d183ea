// Finds and locks the notifications and timers that other events may have superseded.
import { paramsOf } from '../../domain/coded.ts'
import type { Move } from '../../domain/deliverable.ts'
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'
import type { Supersedable } from '../../domain/superseding.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import type { NewEvent } from './insert.ts'
import { possibleStopsOf, type SupersedableRow, toSupersedable } from './stops.ts'
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

/** The waiting notifications that a stored event may supersede, planned or not. */
export async function waitingWithReference(db: Reader, { id, references, type }: NewEvent): Promise<Supersedable[]> {
  const rows = await query<SupersedableRow>(
    db,
    `select s.event, s.stops from events e join notifications t on t.event_id = e.id
       cross join lateral (${possibleStopsOf('t')}) s
     where e.reference_names && $1 and e.id <> $2 and t.stopped_by @> array[$3] and t.state in ('scheduled', 'pending')`,
    [references, id, type],
  )
  return rows.flatMap((row) => toSupersedable(row) ?? [])
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

export interface SupersedableItem {
  id: string
  supersedable: Supersedable
}

/**
 * Locks the notifications of these events that others may supersede; with `type`, only those that events of that type may.
 * Only from `scheduled` and `pending`: a notification with an open attempt belongs to its worker.
 */
export function lockSupersedableNotifications(
  tx: Tx,
  eventIds: string[],
  type: string | null,
): Promise<SupersedableItem[]> {
  const table = 'notification_details t join notification_states n on n.id = t.id'
  const lock = { table, canEnd: `n.state in ('scheduled', 'pending')`, locked: 'n' }
  return lockSupersedable(tx, lock, [eventIds, type])
}

export function lockSupersedableTimers(tx: Tx, eventIds: string[], type: string | null): Promise<SupersedableItem[]> {
  return lockSupersedable(tx, { table: 'timers t', canEnd: isWaiting, locked: 't' }, [eventIds, type])
}

async function lockSupersedable(
  tx: Tx,
  { table, canEnd, locked }: { table: string; canEnd: string; locked: string },
  values: [eventIds: string[], type: string | null],
): Promise<SupersedableItem[]> {
  const rows = await query<SupersedableRow & { id: string }>(
    tx,
    `select t.id, s.event, s.stops from ${table} cross join lateral (${possibleStopsOf('t')}) s
     where t.event_id = any($1) and ($2::text is null or $2 = any(t.stopped_by)) and t.stopped_by is not null
       and ${canEnd} order by t.id for update of ${locked}`,
    values,
  )
  return rows.flatMap(({ id, ...row }) => {
    const supersedable = toSupersedable(row)
    return supersedable ? [{ id, supersedable }] : []
  })
}

export interface Withdrawable {
  id: string
  channel: Channel
  priority: Priority
  scheduledFor: Date | null
  expiresAt: Date | null
  /** The events that may supersede it still; null if there are none. */
  supersedable: Supersedable | null
}

/** Locks the notifications of these events that another event has cancelled, and that still have their message. */
export async function lockStoppedNotifications(tx: Tx, eventIds: string[]): Promise<Withdrawable[]> {
  const rows = await query<SupersedableRow & Omit<Withdrawable, 'supersedable'>>(
    tx,
    `select t.id, t.channel, t.priority, t.scheduled_for, t.expires_at, s.event, s.stops
     from notification_details t join notification_states n on n.id = t.id
     left join lateral (${possibleStopsOf('t')}) s on true
     where t.event_id = any($1) and n.state = 'cancelled' and n.reason_code in ('stopped', 'superseded')
       and t.stopped_by is not null and n.forgotten_at is null
       and n.content_removed_at is null
     order by t.id for update of n`,
    [eventIds],
  )
  const withMessage = await query<{ id: string }>(
    tx,
    'select notification_id as id from messages where notification_id = any($1)',
    [rows.map(({ id }) => id)],
  )
  const ids = new Set(withMessage.map(({ id }) => id))
  return rows
    .filter(({ id }) => ids.has(id))
    .map(({ event, stops, ...row }) => ({ ...row, supersedable: toSupersedable({ event, stops }) }))
}

/** Moves locked notifications on from `cancelled`. */
export async function moveFromCancelled(tx: Tx, moves: ({ id: string } & Move)[]): Promise<void> {
  await tx.query(
    `update notification_states n set state = m.state, reason_code = m.reason_code, reason_params = m.reason_params, due_at = m.due_at
     from json_to_recordset($1) as m(id uuid, state text, reason_code text, reason_params json, due_at timestamptz)
     where n.id = m.id and n.state = 'cancelled'`,
    [
      toJson(
        moves.map(({ id, state, reason, dueAt }) => ({
          ...{ id, state, due_at: dueAt },
          ...{ reason_code: reason?.code ?? null, reason_params: paramsOf(reason) },
        })),
      ),
    ],
  )
}
