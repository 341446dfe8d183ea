// Reads one event in full for the API, and the counts of notifications by event.
import type { StoredCode } from '../../domain/coded.ts'
import type { State } from '../../domain/notification.ts'
import { type Db, query, type Reader, snapshot } from '../db.ts'
import { type NotificationRow, notificationsOfEvent } from '../notifications/audit.ts'
import { findEvent } from './load.ts'
import type { StoredEvent } from './stored.ts'
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

/** Why expected notifications of an event were not made: the first `limit`, and how many there are. */
async function omissionsOf(db: Reader, eventId: string, limit: number) {
  const omissions = await query<OmissionRow>(
    db,
    `select notifier, channel, reason_code, reason_params from omissions where event_id = $1
     order by notifier, channel, recipient_key limit $2`,
    [eventId, limit],
  )
  const [counted] = await query<{ omitted: number }>(
    db,
    'select count(*)::integer as omitted from omissions where event_id = $1',
    [eventId],
  )
  return { omissions, omitted: counted?.omitted ?? 0 }
}

export interface EventAudit extends ListedEvent {
  raw: Buffer | null
  notifications: NotificationRow[]
  omissions: OmissionRow[]
  /** The number of all omissions. */
  omitted: number
  timers: TimerRow[]
}

/** One event with its raw body and its first `limit` notifications and omissions; null if there is none with that id. */
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
      ...(await omissionsOf(tx, id, limit)),
      timers: await timersOfEvent(tx, id),
    }
  })
}
