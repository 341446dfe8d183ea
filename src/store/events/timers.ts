// Timers: events that an event creates at a later time, unless another event stops them first.
import { paramsOf, type StoredCode } from '../../domain/coded.ts'
import type { Reason } from '../../domain/reason.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'
import type { Supersedable } from '../../domain/superseding.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Job } from '../jobs/queues.ts'
import { possibleStopsOf, type SupersedableRow, toSupersedable } from './stops.ts'
import { type EventRow, eventColumns, toEvent } from './stored.ts'

export interface NewTimer {
  id: string
  /** The type of the event that it creates. */
  emits: string
  stoppedBy: readonly string[]
  dueAt: Date
}

export function timerJob({ id, dueAt }: { id: string; dueAt: Date }): Job & { at: Date } {
  return { stage: 'timer', priority: 'normal', id, at: dueAt }
}

/** Inserts timers with their jobs; an event has one of each kind, however often it is planned. */
export async function insertTimers(tx: Tx, jobs: Jobs, eventId: string, timers: NewTimer[]): Promise<void> {
  if (timers.length === 0) return
  const rows = await query<{ id: string }>(
    tx,
    `insert into timers (id, event_id, emits, stopped_by, due_at)
     select id, $2, emits, array(select json_array_elements_text(stopped_by)), due_at
     from json_to_recordset($1) as t(id uuid, emits text, stopped_by json, due_at timestamptz)
     on conflict (event_id, emits) do nothing returning id`,
    [toJson(timers.map((t) => ({ id: t.id, emits: t.emits, stopped_by: t.stoppedBy, due_at: t.dueAt }))), eventId],
  )
  const made = new Set(rows.map((row) => row.id))
  await jobs.enqueue(tx, timers.filter(({ id }) => made.has(id)).map(timerJob))
}

/** SQL: whether the timer `t` has neither fired nor been stopped. */
export const isWaiting = 't.fired_at is null and t.stopped_at is null'

/** Ends a timer that will not fire. */
export async function endTimer(tx: Tx, id: string, why: Reason, now: Date): Promise<void> {
  await tx.query(
    `update timers t set stopped_at = $2, reason_code = $3, reason_params = $4 where t.id = $1 and ${isWaiting}`,
    [id, now, why.code, paramsOf(why)],
  )
}

export interface WaitingTimer {
  id: string
  emits: string
  dueAt: Date
  event: StoredEvent
}

/** A waiting timer with its event; null if it has fired or been stopped, or the event's body is gone. */
export async function findWaitingTimer(db: Reader, id: string): Promise<WaitingTimer | null> {
  const [row] = await query<EventRow & { emits: string; dueAt: Date }>(
    db,
    `select ${eventColumns}, t.emits, t.due_at from timers t join events e on e.id = t.event_id
     where t.id = $1 and ${isWaiting} and exists (select from event_bodies b where b.event_id = e.id offset 0)`,
    [id],
  )
  return row ? { id, emits: row.emits, dueAt: row.dueAt, event: toEvent(row) } : null
}

/** The due timers, the oldest first. */
export async function dueTimers(db: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    db,
    `select t.id from timers t where t.due_at <= $1 and ${isWaiting} order by t.due_at limit $2`,
    [now, limit],
  )
  return rows.map(({ id }) => id)
}

/** Locks a waiting timer, with the events that may supersede it, if any; null if it has fired or been stopped. */
export async function lockWaitingTimer(tx: Tx, id: string): Promise<{ supersedable: Supersedable | null } | null> {
  const rows = await query<SupersedableRow>(
    tx,
    `select s.event, s.stops from timers t left join lateral (${possibleStopsOf('t')}) s on true
     where t.id = $1 and ${isWaiting} for update of t`,
    [id],
  )
  const [row] = rows
  return row ? { supersedable: toSupersedable(row) } : null
}

export async function markFired(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.query(`update timers t set fired_at = $2 where t.id = $1 and ${isWaiting}`, [id, now])
}

export interface TimerRow {
  emits: string
  dueAt: Date
  firedAt: Date | null
  stoppedAt: Date | null
  reasonCode: string | null
  reasonParams: StoredCode['params']
}

export async function timersOfEvent(db: Reader, eventId: string): Promise<TimerRow[]> {
  return query<TimerRow>(
    db,
    'select emits, due_at, fired_at, stopped_at, reason_code, reason_params from timers where event_id = $1 order by due_at',
    [eventId],
  )
}
