// Reads events for the API: lists by keyset, newest first, with counts of their notifications, and one event in full.
import type { StoredCode } from '../../domain/coded.ts'
import type { State } from '../../domain/notification.ts'
import { type Db, query, type Reader, snapshot } from '../db.ts'
import { type NotificationRow, notificationsOfEvent, type Page, whereOf } from '../notifications/list.ts'
import { type EventRow, eventColumns, isNamed, type StoredEvent, toEvent } from './insert.ts'
import { findEvent } from './load.ts'
import { type TimerRow, timersOfEvent } from './timers.ts'

export interface EventFilter {
  type?: string
  source?: string
  status?: string
  reference?: string
  since?: Date
  until?: Date
}

export type Counts = Partial<Record<State, number>>

export interface ListedEvent {
  event: StoredEvent
  counts: Counts
}

const clauses: Record<keyof EventFilter, string> = {
  type: '(e.type = $ or e.source_type = $)',
  source: 'e.source = $',
  status: 'e.status = $',
  reference: isNamed,
  since: 'e.received_at >= $',
  until: 'e.received_at < $',
}

/** Returns one row more than `limit` if there is a next page. */
export async function listEvents(db: Db, filter: EventFilter, page: Page): Promise<ListedEvent[]> {
  const where = whereOf(clauses, filter)
  if (page.after) where.add('(e.received_at, e.id) < ($, $)', page.after.at, page.after.id)
  const rows = await query<EventRow>(
    db,
    `select ${eventColumns} from events e ${where.text()} order by e.received_at desc, e.id desc limit ${page.limit + 1}`,
    where.values,
  )
  const counts = await countsOf(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ event: toEvent(row), counts: counts.get(row.id) ?? {} }))
}

/** The number of notifications of each event by state. */
async function countsOf(db: Reader, eventIds: string[]): Promise<Map<string, Counts>> {
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
