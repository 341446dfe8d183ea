// The counts of notifications by event and state.
import type { State } from '../../domain/notification.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'
import { query, type Reader } from '../db.ts'

export type Counts = Partial<Record<State, number>>

export interface ListedEvent {
  event: StoredEvent
  counts: Counts
}

/** The number of notifications of each event by state. */
export async function countsOf(db: Reader, eventIds: string[]): Promise<Map<string, Counts>> {
  const rows = await query<{ eventId: string; state: State; count: number }>(
    db,
    `select event_id, state, count(*)::integer as count from notifications where event_id = any($1) group by event_id, state`,
    [eventIds],
  )
  const counts = new Map<string, Counts>()
  for (const { eventId, state, count } of rows) counts.set(eventId, { ...counts.get(eventId), [state]: count })
  return counts
}
