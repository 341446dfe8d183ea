// Reads the events that may supersede a notification or timer, by its columns `event_id` and `stopped_by`.
import {
  type PossibleStop,
  type Supersedable,
  type SupersedableEvent,
  subscriptionResumed,
} from '../../domain/superseding.ts'
import { query, type Reader } from '../db.ts'

/** SQL: `event` and `stops` of a row with `event_id` and `stopped_by`; `stops` is null if there are none. */
export function possibleStopsOf(row: string): string {
  const own = `select own.id, own.reference_names, own.occurred_at, own.received_at from events own where own.id = ${row}.event_id`
  return possibleStopsOfEvent(own, `${row}.stopped_by`)
}

/** As it is read: JSON has no dates. */
export interface SupersedableRow {
  event: Read<SupersedableEvent> | null
  stops: Read<PossibleStop>[] | null
}

type Read<T> = Omit<T, 'occurredAt' | 'receivedAt'> & { occurredAt: string; receivedAt: string }

/** Null if no event may supersede it. */
export function toSupersedable({ event, stops }: SupersedableRow): Supersedable | null {
  return event && stops && { event: withDates(event), stops: stops.map(withDates) }
}

function withDates<T extends { occurredAt: string; receivedAt: string }>(event: T) {
  return { ...event, occurredAt: new Date(event.occurredAt), receivedAt: new Date(event.receivedAt) }
}

/** The events of these types that may supersede notifications of an event, which need not be stored. */
export async function possibleStops(
  db: Reader,
  event: SupersedableEvent,
  types: readonly string[],
): Promise<Supersedable | null> {
  const sql = possibleStopsOfEvent(
    'select $1::uuid as id, $2::text[] as reference_names, $3::timestamptz as occurred_at, $4::timestamptz as received_at',
    '$5::text[]',
  )
  const values = [event.id, event.references, event.occurredAt, event.receivedAt, types]
  const [found] = await query<SupersedableRow>(db, sql, values)
  return found ? toSupersedable(found) : null
}

const eventJson = (e: string) =>
  `'id', ${e}.id, 'references', ${e}.reference_names, 'occurredAt', ${e}.occurred_at, 'receivedAt', ${e}.received_at`

/** Enough to decide by, as each later one supersedes; a careless sender may give thousands of events one reference. */
const maxStops = 100

/**
 * SQL: the events of these types, or that a subscription was resumed, with a common reference: those of the same payment first,
 * then the latest. An ignored event (a test) supersedes nothing. `offset 0` keeps Postgres from scanning all events of a type
 * instead of the few with the reference.
 */
function possibleStopsOfEvent(own: string, types: string): string {
  return `select json_build_object(${eventJson('own')}) as event,
      json_agg(json_build_object(${eventJson('stop')}, 'type', stop.type, 'fact', stop.fact, 'isOfSamePayment', stop.is_of_same_payment)) as stops
    from (${own}) own cross join lateral (
      select named.*, exists (select from payments p where p.fact = named.fact and p.names && own.reference_names) as is_of_same_payment
      from (select e.id, e.type, e.status, e.reference_names, e.occurred_at, e.received_at, e.fact
        from events e where e.reference_names && own.reference_names offset 0) named
      where named.id <> own.id and named.type = any(${types} || '{${subscriptionResumed}}') and named.status <> 'ignored'
      order by is_of_same_payment desc, named.occurred_at desc, named.id limit ${maxStops}) stop
    group by own.id, own.reference_names, own.occurred_at, own.received_at`
}
