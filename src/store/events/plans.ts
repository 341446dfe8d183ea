// How far the plan of an event has got: it begins, goes on part by part, and ends once.
import type { EventStatus } from '../../domain/event.ts'
import type { Reason } from '../../domain/notification.ts'
import type { Tx } from '../db.ts'

/** Of the event's recipients: from the first up to, but not with, the second. */
export type Range = [from: number, upTo: number]

interface Advance {
  range: Range
  /** With it the event's plan ends. */
  isLast: boolean
  /** When somebody must look at it again, where it is not the last. */
  dueAt: Date
}

/** Past this part, or to the end. False where somebody else has planned it, or the event is over. */
export async function advancePlan(tx: Tx, eventId: string, { range, isLast, dueAt }: Advance): Promise<boolean> {
  const [from, upTo] = range
  const { rowCount } = await tx.query(
    `update events set planned_up_to = $3, plan_tries = 0, status = case when $4 then 'planned' else status end, due_at = $5
     where id = $1 and status = 'accepted' and planned_up_to = $2`,
    [eventId, from, upTo, isLast, isLast ? null : dueAt],
  )
  return rowCount === 1
}

export interface PlanEnd {
  status: Extract<EventStatus, 'ignored' | 'failed'>
  reason: Reason
}

/** Ends a plan of which nothing is made, or nothing more. False where someone else got there first. */
export async function endPlan(tx: Tx, eventId: string, { status, reason }: PlanEnd): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update events set status = $2, reason_code = $3, reason_text = $4, due_at = null where id = $1 and status = 'accepted'`,
    [eventId, status, reason.code, reason.text],
  )
  return rowCount === 1
}

/** The fact that the event tells from now on. */
export async function setFact(tx: Tx, eventId: string, fact: string): Promise<void> {
  await tx.query('update events set fact = $2 where id = $1 and fact is distinct from $2', [eventId, fact])
}
