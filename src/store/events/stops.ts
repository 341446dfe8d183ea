// Finds the event that supersedes a notification or timer, by its columns `event_id` and `stopped_by`.
import type { SupersedingEvent } from '../../domain/deliverable.ts'
import { paymentFact, subscriptionEndFact, subscriptionResumedFact } from '../../domain/fact.ts'
import { query, type Reader } from '../db.ts'
import type { NewEvent } from './insert.ts'

/** SQL: the event that supersedes a row with `event_id` and `stopped_by`. */
export function supersedingEventOf(row: string): string {
  const told = `select own.id, own.reference_names, own.occurred_at, own.received_at from events own where own.id = ${row}.event_id`
  return firstSupersedingEvent(told, `${row}.stopped_by`)
}

/** The event of these types that would supersede notifications of an event, which need not be stored; null if none would. */
export async function supersedingEvent(
  db: Reader,
  told: NewEvent,
  types: readonly string[],
): Promise<SupersedingEvent | null> {
  const sql = firstSupersedingEvent(
    'select $1::uuid as id, $2::text[] as reference_names, $3::timestamptz as occurred_at, $4::timestamptz as received_at',
    '$5::text[]',
  )
  const values = [told.id, told.references, told.occurredAt, told.receivedAt, types]
  const [found] = await query<SupersedingEvent>(db, sql, values)
  return found ?? null
}

/**
 * SQL: the first event of these types that reports the same payment or the end of the same subscription, or has a common
 * reference and did not occur before. An ignored event (a test) supersedes nothing. The end of a subscription does not count once it was resumed.
 * An event counts as occurring no later than it was received, in case its sender's clock is ahead. An event received later
 * also supersedes if it occurred in the same second, because vendors report whole seconds, or, if the superseded event
 * gave no time, within the day before (clocks are wrong by hours). `offset 0` keeps Postgres from scanning all events of a
 * type instead of the few with the reference.
 */
function firstSupersedingEvent(told: string, types: string): string {
  return `select stop.id, stop.type from (${told}) told cross join lateral (
      select e.id, e.type, e.status, e.occurred_at, e.received_at, e.fact from events e where e.reference_names && told.reference_names offset 0) stop
    where stop.id <> told.id and stop.type = any(${types}) and stop.status <> 'ignored'
      and (stop.occurred_at >= least(told.occurred_at, told.received_at)
        or stop.received_at > told.received_at and (
          told.occurred_at = told.received_at and stop.occurred_at > told.received_at - interval '1 day'
          or stop.occurred_at = date_trunc('second', least(told.occurred_at, told.received_at)))
        or stop.fact = any(select f || r from unnest(told.reference_names) r, unnest('{${paymentFact('')},${subscriptionEndFact('')}}'::text[]) f)
        or exists (select from payments p where p.fact = stop.fact and p.names && told.reference_names))
      and (stop.fact is null or stop.fact not like '${subscriptionEndFact('')}%' or not exists (
        select from unnest(told.reference_names) r join events again on again.fact = '${subscriptionResumedFact('')}' || r
        where stop.fact = '${subscriptionEndFact('')}' || r and (again.occurred_at, again.received_at) > (stop.occurred_at, stop.received_at)))
    order by stop.occurred_at, stop.id limit 1`
}
