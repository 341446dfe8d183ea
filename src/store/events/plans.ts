// The progress of an event's plan, which advances part by part and ends once.
import { paramsOf } from '../../domain/coded.ts'
import type { EventStatus } from '../../domain/event.ts'
import type { Reason } from '../../domain/reason.ts'
import type { Tx } from '../db.ts'

/** A range of the event's recipients; `upTo` is excluded. */
export type Range = [from: number, upTo: number]

interface Advance {
  range: Range
  /** It completes the plan. */
  isLast: boolean
  /** When the event is due again if the part is not the last. */
  dueAt: Date
}

/** Advances past this part, or to the end. False if another worker has planned it, or the plan has ended. */
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

/** Ends a plan that makes no notifications, or no more. False if it had already ended. */
export async function endPlan(tx: Tx, eventId: string, { status, reason }: PlanEnd): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update events set status = $2, reason_code = $3, reason_params = $4, due_at = null where id = $1 and status = 'accepted'`,
    [eventId, status, reason.code, paramsOf(reason)],
  )
  return rowCount === 1
}

/** Sets the fact that the event reports. */
export async function setFact(tx: Tx, eventId: string, fact: string): Promise<void> {
  await tx.query('update events set fact = $2 where id = $1 and fact is distinct from $2', [eventId, fact])
}
