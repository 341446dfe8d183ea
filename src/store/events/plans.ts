// The progress of an event's plan, which advances part by part and ends once.
import { paramsOf } from '../../domain/coded.ts'
import type { EventStatus } from '../../domain/event.ts'
import type { Reason } from '../../domain/reason.ts'
import { query, type Tx, toJson } from '../db.ts'
import type { Job } from '../jobs/queues.ts'

/** A range of the event's recipients; `upTo` is excluded. */
export type Range = [from: number, upTo: number]

export interface Advance {
  eventId: string
  range: Range
  /** It completes the plan. */
  isLast: boolean
  /** When the event is due again if the part is not the last. */
  dueAt: Date
}

/** A cancellation of what an event has yet to make. */
export interface PlanCancellation {
  by: string
  /** Null: of all notifiers. */
  notifier: string | null
}

/** The cancellations of each event. */
export type PlanCancellations = Map<string, PlanCancellation[]>

interface CancellationsRow {
  id: string
  cancellations: PlanCancellation[] | null
}

const cancellationsOf = (rows: CancellationsRow[]): PlanCancellations =>
  new Map(rows.map(({ id, cancellations }) => [id, cancellations ?? []]))

/**
 * Locks the events that are at the beginning of their part, and returns them with their cancellations. In one order, so that two
 * batches with the same events cannot deadlock.
 */
export async function lockPlans(tx: Tx, advances: Advance[]): Promise<PlanCancellations> {
  const locked = await query<CancellationsRow>(
    tx,
    `select e.id, e.cancellations from events e
     where e.id = any($1) and e.status = 'accepted' and e.planned_up_to = ($2::jsonb->>e.id::text)::integer
     order by e.id for no key update`,
    [
      advances.map(({ eventId }) => eventId),
      toJson(Object.fromEntries(advances.map(({ eventId, range: [from] }) => [eventId, from]))),
    ],
  )
  return cancellationsOf(locked)
}

/**
 * Advances each event past its part, or to its end, and returns those with their cancellations. The others were planned by another
 * worker, or their plans have ended. Several events must be locked before.
 */
export async function advancePlans(tx: Tx, advances: Advance[]): Promise<PlanCancellations> {
  const rows = advances.map(({ eventId: id, range: [from, upTo], isLast, dueAt }) => ({
    ...{ id, from, up_to: upTo, is_last: isLast, due_at: isLast ? null : dueAt },
  }))
  const advanced = await query<CancellationsRow>(
    tx,
    `update events e set planned_up_to = p.up_to, plan_tries = 0, due_at = p.due_at,
       status = case when p.is_last then 'planned' else status end
     from json_to_recordset($1) as p(id uuid, "from" integer, up_to integer, is_last boolean, due_at timestamptz)
     where e.id = p.id and e.status = 'accepted' and e.planned_up_to = p."from" returning e.id, e.cancellations`,
    [toJson(rows)],
  )
  return cancellationsOf(advanced)
}

/** Removes the cancellations of events whose plans have ended: what a later replay makes is not meant. */
export async function endCancellations(tx: Tx, eventIds: string[]): Promise<void> {
  await tx.query('update events set cancellations = null where id = any($1)', [eventIds])
}

/** Puts off a plan that has not begun. False if it has. */
export async function postponePlan(tx: Tx, eventId: string, dueAt: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update events set due_at = $2, plan_tries = 0 where id = $1 and status = 'accepted' and planned_up_to = 0`,
    [eventId, dueAt],
  )
  return rowCount === 1
}

/** Ends the wait of these events. Returns the jobs that plan them. */
export async function planNow(tx: Tx, eventIds: string[], now: Date): Promise<Job[]> {
  const rows = await query<Pick<Job, 'id' | 'priority'>>(
    tx,
    `update events set due_at = $2 where id = any($1) and status = 'accepted' and planned_up_to = 0 returning id, priority`,
    [eventIds, now],
  )
  return rows.map((row) => ({ stage: 'plan', ...row }))
}

export interface PlanEnd {
  status: Extract<EventStatus, 'ignored' | 'failed'>
  reason: Reason
}

/** Ends a plan that makes no notifications, or no more, with its cancellations. False if it had already ended. */
export async function endPlan(tx: Tx, eventId: string, { status, reason }: PlanEnd): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update events set status = $2, reason_code = $3, reason_params = $4, due_at = null, cancellations = null
     where id = $1 and status = 'accepted'`,
    [eventId, status, reason.code, paramsOf(reason)],
  )
  return rowCount === 1
}

/** Sets the fact that the event reports. */
export async function setFact(tx: Tx, eventId: string, fact: string): Promise<void> {
  await tx.query('update events set fact = $2 where id = $1 and fact is distinct from $2', [eventId, fact])
}
