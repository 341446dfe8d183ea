// Finds the traces that notifications belong to: those of their events.
import { query, type Reader } from '../db.ts'

/** SQL: the trace of the event with this id, where the condition holds; else null, and nothing is read. */
export const traceOf = (eventId: string, condition: string) =>
  `case when ${condition} then (select e.traceparent from events e where e.id = ${eventId}) end`

/** The traces of these notifications; those without one are left out. */
export async function tracesOf(db: Reader, notificationIds: string[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; traceparent: string }>(
    db,
    `select n.id, e.traceparent from notification_details n join events e on e.id = n.event_id
     where n.id = any($1) and e.traceparent is not null`,
    [notificationIds],
  )
  return new Map(rows.map(({ id, traceparent }) => [id, traceparent]))
}
