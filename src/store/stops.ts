// What stops what: the question that every row with `event_id` and `stopped_by` asks before it is carried out.
// attempt-rows.ts asks it of notifications, timers.ts of timers, overtaken.ts of both as soon as anything is planned.
import type { Reason } from '../notification.ts'
import { reason } from '../reason.ts'

/** An event that makes something needless. */
export interface Stop {
  id: string
  type: string
}

export function overtakenBy({ id, type }: Stop): Reason {
  return reason(type === 'payment.received' ? 'superseded' : 'stopped', `It was ${type}, event ${id}.`)
}

/**
 * The event that stops a row: of the same payment, or not before the row's own event and of the same reference.
 * `offset 0` keeps Postgres from looking through every event of a type instead of the few of a reference.
 */
export function stopOf(row: string): string {
  return `select stop.id, stop.type from events told cross join lateral (
      select e.id, e.type, e.occurred_at, e.fact from events e where e."references" && told."references" offset 0) stop
    where told.id = ${row}.event_id and stop.id <> told.id and stop.type = any(${row}.stopped_by)
      and (stop.occurred_at >= told.occurred_at
        or stop.fact = any(select 'payment:' || r from unnest(told."references") r))
    order by stop.occurred_at, stop.id limit 1`
}
