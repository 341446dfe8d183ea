// Reads one event in full for the API, and the counts of notifications by event.
import type { StoredCode } from '../../domain/coded.ts'
import type { State } from '../../domain/notification.ts'
import { type Db, query, type Reader, snapshot } from '../db.ts'
import { type NotificationRow, notificationsOfEvent } from '../notifications/list.ts'
import type { StoredEvent } from './insert.ts'
import { findEvent } from './load.ts'
import { type TimerRow, timersOfEvent } from './timers.ts'

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

interface OmissionRow {
  notifier: string
  channel: string | null
  reasonCode: string
  reasonParams: StoredCode['params']
}

/** Why expected notifications of an event were not made. */
async function omissionsOf(db: Reader, eventId: string): Promise<OmissionRow[]> {
  const rows = await query<OmissionRow>(
    db,
    'select notifier, channel, reason_code, reason_params from omissions where event_id = $1 order by notifier, channel',
    [eventId],
  )
  return rows
}

export interface EventAudit extends ListedEvent {
  raw: Buffer | null
  notifications: NotificationRow[]
  omissions: OmissionRow[]
  timers: TimerRow[]
}

/** One event with its raw body and its first `limit` notifications; null if there is none with that id. */
export async function auditEvent(db: Db, id: string, limit: number): Promise<EventAudit | null> {
  return snapshot(db, async (tx) => {
    const found = await findEvent(tx, id)
    if (!found) return null
    const counts = (await countsOf(tx, [id])).get(id) ?? {}
    const notifications = await notificationsOfEvent(tx, id, limit)
    return {
      ...found,
      counts,
      notifications,
      omissions: await omissionsOf(tx, id),
      timers: await timersOfEvent(tx, id),
    }
  })
}
