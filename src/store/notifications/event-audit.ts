// Reads one event in full for the API.
import type { StoredCode } from '../../domain/coded.ts'
import { type Db, query, type Reader, snapshot } from '../db.ts'
import { countsOf, type ListedEvent } from '../events/counts.ts'
import { findEvent } from '../events/load.ts'
import { type TimerRow, timersOfEvent } from '../events/timers.ts'
import { type NotificationRow, notificationsOfEvent } from './audit.ts'

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
