// What planning writes: notifications with their messages and alarms, the reasons why others were
// not made, and the event's end. One transaction a call; the same call twice changes nothing more.
import type { EventStatus } from '../event.ts'
import { type NewNotification, type Reason, wordsOf } from '../notification.ts'
import { alarmOf } from './alarm.ts'
import { type Db, type Reader, type Tx, toJson, transaction } from './db.ts'
import type { StoredEvent } from './events.ts'
import type { Alarm, Jobs } from './jobs.ts'
import { insertOmissions, type Omission, toldByOthers } from './omissions.ts'
import { stopOthers, stopOwn, takeTurns } from './overtaken.ts'
import { insertTimers, type NewTimer } from './timers.ts'

export interface PlannedPart {
  /** Of the event's recipients: from the first up to, but not with, the second. */
  range: [number, number]
  notifications: NewNotification[]
  omissions: Omission[]
  /** With it the event's plan ends. */
  isLast: boolean
}

/** What comes of a plan besides its notifications. */
export interface Effects {
  /** Made with the last part. */
  timers: NewTimer[]
  /** Whether events of its type stop what others have made. */
  stopsOthers: boolean
}

/** How long a planner may take for the next part of a large event before it counts as gone. */
const partTakesMs = 30_000

/**
 * Stores one part of an event's plan, and its end with the last. Answers how many notifications are new; null where
 * somebody else has planned this part, or the event is over. `rest`: who goes on with the next part, if not the caller.
 */
export async function storePlannedPart(
  db: Db,
  jobs: Jobs,
  event: StoredEvent,
  part: PlannedPart,
  effects: Effects,
  rest: Alarm | null,
  now: Date,
): Promise<number | null> {
  const canBeStopped = effects.timers.length > 0 || part.notifications.some((n) => n.stoppedBy)
  return transaction(db, async (tx) => {
    if (!(await advance(tx, event.id, part, now))) return null
    if (canBeStopped || effects.stopsOthers) await takeTurns(tx, event)
    const created = await insertNotifications(tx, event, part.notifications, now)
    const fresh = part.notifications.filter((n) => created.has(n.id))
    await insertMessages(tx, fresh)
    const told = part.notifications.filter((n) => !created.has(n.id))
    await insertOmissions(tx, event.id, [...part.omissions, ...(await toldByOthers(tx, event, told))])
    const alarms = fresh
      .filter((n) => n.state === 'pending' || n.state === 'scheduled')
      .map((n) => alarmOf(n, n.state === 'scheduled' && n.scheduledFor ? n.scheduledFor : undefined))
    await jobs.ring(tx, rest && !part.isLast ? [...alarms, rest] : alarms)
    if (part.isLast) await insertTimers(tx, jobs, event.id, effects.timers)
    if (canBeStopped) await stopOwn(tx, jobs, event, now)
    if (part.isLast && effects.stopsOthers) await stopOthers(tx, jobs, event, now)
    return created.size
  })
}

/** Past this part, or to the end: first, so that of two planners one waits here, and then finds that it has been done. */
async function advance(tx: Tx, eventId: string, { range: [from, upTo], isLast }: PlannedPart, now: Date) {
  const { rowCount } = await tx.query(
    `update events set planned_up_to = $3, status = case when $4 then 'planned' else status end, due_at = $5
     where id = $1 and status = 'accepted' and planned_up_to = $2`,
    [eventId, from, upTo, isLast, isLast ? null : new Date(now.getTime() + partTakesMs)],
  )
  return rowCount === 1
}

/** Moves an event that nothing is made of from `accepted` to its end. Someone else got there first: nothing changes. */
export async function endPlan(
  db: Reader,
  eventId: string,
  status: Extract<EventStatus, 'ignored' | 'failed'>,
  why: Reason,
): Promise<void> {
  await db.query(
    `update events set status = $2, reason_code = $3, reason_text = $4, due_at = null where id = $1 and status = 'accepted'`,
    [eventId, status, why.code, why.text],
  )
}

/** What this event tells of: several may tell of one payment. */
export function factOf(event: StoredEvent): string {
  return event.fact ?? `event:${event.id}`
}

async function insertNotifications(
  tx: Tx,
  event: StoredEvent,
  notifications: NewNotification[],
  now: Date,
): Promise<Set<string>> {
  if (notifications.length === 0) return new Set()
  const { rows } = await tx.query<{ id: string }>({
    name: 'insert-notifications',
    text: `insert into notifications (id, event_id, event_type, source, fact, notifier, category, channel, recipient_id,
             recipient_key, "to", locale, timezone, reference, state, reason_code, reason_text, priority, when_unsure,
             stopped_by, quiet_hours, subject, words, scheduled_for, expires_at, due_at, created_at)
           select id, $2, $3, $4, $5, notifier, category, channel, recipient_id,
             recipient_key, "to", locale, timezone, reference, state, reason_code, reason_text, priority, when_unsure,
             case when stopped_by is not null then array(select json_array_elements_text(stopped_by)) end, quiet_hours, subject, words, scheduled_for, expires_at, due_at, $6
           from json_to_recordset($1) as n(id uuid, notifier text, category text, channel text, recipient_id text,
             recipient_key text, "to" text, locale text, timezone text, reference text, state text, reason_code text,
             reason_text text, priority text, when_unsure text, stopped_by json, quiet_hours json, subject text, words json, scheduled_for timestamptz,
             expires_at timestamptz, due_at timestamptz)
           on conflict (fact, notifier, channel, recipient_key) do nothing
           returning id`,
    values: [toJson(notifications.map((n) => toRow(n, now))), event.id, event.type, event.source, factOf(event), now],
  })
  return new Set(rows.map((row) => row.id))
}

function toRow(n: NewNotification, now: Date) {
  const waits = n.state === 'pending' || n.state === 'scheduled'
  return {
    id: n.id,
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    recipient_id: n.recipientId,
    recipient_key: n.recipientKey,
    to: n.to,
    locale: n.locale,
    timezone: n.timezone,
    reference: n.reference,
    state: n.state,
    reason_code: n.reason.code,
    reason_text: n.reason.text,
    priority: n.priority,
    when_unsure: n.whenUnsure,
    stopped_by: n.stoppedBy,
    quiet_hours: n.quietHours,
    subject: n.message?.channel === 'email' ? n.message.subject : null,
    words: wordsOf(n.message),
    scheduled_for: n.scheduledFor,
    expires_at: n.expiresAt,
    due_at: waits ? (n.state === 'scheduled' && n.scheduledFor ? n.scheduledFor : now) : null,
  }
}

async function insertMessages(tx: Tx, notifications: NewNotification[]): Promise<void> {
  const rows = notifications.flatMap((n) => (n.message ? [{ notification_id: n.id, content: n.message }] : []))
  if (rows.length === 0) return
  await tx.query({
    name: 'insert-messages',
    text: `insert into messages (notification_id, content)
           select notification_id, content from json_to_recordset($1) as m(notification_id uuid, content json)`,
    values: [toJson(rows)],
  })
}
