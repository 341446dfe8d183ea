// Events as they are translated again: the row, the raw body, and what their source has said since. plan.ts, plan/enrich.ts,
// retry.ts and replay.ts read them.
import type { Reader } from '../db.ts'
import { type EventRow, eventColumns, type StoredEvent, toEvent } from './insert.ts'

/** What its source was asked about an event; enrichments.ts writes it. */
export interface EventLookUp {
  state: 'open' | 'answered' | 'failed'
  tries: number
  openedAt: Date
  endedAt: Date | null
  found: Record<string, unknown> | null
  /** Why the last try came to nothing. */
  text: string | null
}

/** An event with all that its translation is made from. */
export interface FoundEvent {
  event: StoredEvent
  /** Null where it was removed by age. */
  raw: Buffer | null
  lookUp: EventLookUp | null
}

export type FoundRow = EventRow & { raw: Buffer | null; look_up: EventLookUp | null }

/** As a `FoundRow`, to be followed by conditions. */
export const selectFound = `select ${eventColumns}, b.raw, case when l.event_id is not null then json_build_object(
    'state', l.state, 'tries', l.tries, 'openedAt', l.opened_at, 'endedAt', l.ended_at, 'found', l.found, 'text', l.reason_text) end as look_up
  from events e left join event_bodies b on b.event_id = e.id left join event_look_ups l on l.event_id = e.id`

export function toFound({ raw, look_up: l, ...row }: FoundRow): FoundEvent {
  // Within JSON a date is a text.
  const lookUp = l && { ...l, openedAt: new Date(l.openedAt), endedAt: l.endedAt && new Date(l.endedAt) }
  return { event: toEvent(row), raw, lookUp }
}

/** Null where there is none of that id. */
export async function findEvent(db: Reader, id: string): Promise<FoundEvent | null> {
  const { rows } = await db.query<FoundRow>(`${selectFound} where e.id = $1`, [id])
  return rows[0] ? toFound(rows[0]) : null
}
