// Reads the bodies and enrichments of events, from which the people they name are found.
import { query, type Reader } from '../db.ts'

export interface NamedBy {
  eventId: string
  /** Null if it is longer than `mostBytes` or was removed by retention. */
  raw: Buffer | null
  found: Record<string, unknown> | null
  isTooLong: boolean
}

export async function namedBy(db: Reader, eventIds: string[], mostBytes: number): Promise<NamedBy[]> {
  if (eventIds.length === 0) return []
  return query<NamedBy>(
    db,
    `select e.id as event_id, case when octet_length(b.raw) <= $2::bigint then b.raw end as raw, l.found,
       coalesce(octet_length(b.raw) > $2::bigint, false) as is_too_long
     from events e left join event_enrichments l on l.event_id = e.id
       left join event_bodies b on b.event_id = e.id and b.event_id = any($1)
     where e.id = any($1)`,
    [eventIds, mostBytes],
  )
}
