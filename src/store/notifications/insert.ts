// Inserts notifications with their messages and digest parts.
import type pg from 'pg'
import { paramsOf } from '../../domain/coded.ts'
import { factOf } from '../../domain/fact.ts'
import { copyUsedBy, type NewNotification } from '../../domain/notification.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import { together } from '../together.ts'

/**
 * Which of these notifications this event has already made, by notifier, channel and person; with `since`, only those made
 * after it.
 */
export async function notificationsMadeSince(
  db: Reader,
  event: Pick<StoredEvent, 'id' | 'fact'>,
  notifications: Pick<NewNotification, 'notifier' | 'channel' | 'recipientKey'>[],
  since: Date | null,
): Promise<Pick<NewNotification, 'notifier' | 'channel' | 'recipientKey'>[]> {
  const rows = notifications.map((n) => ({ notifier: n.notifier, channel: n.channel, recipient_key: n.recipientKey }))
  return query<Pick<NewNotification, 'notifier' | 'channel' | 'recipientKey'>>(
    db,
    `select n.notifier, n.channel, n.recipient_key from notification_details n
     join json_to_recordset($1) as k(notifier text, channel text, recipient_key text)
       using (notifier, channel, recipient_key)
     where n.fact = $2 and n.event_id = $3 and ($4::timestamptz is null or n.created_at > $4)`,
    [toJson(rows), factOf(event), event.id, since],
  )
}

/** Notifications, and the event that they are made from. */
export interface Made {
  event: Pick<StoredEvent, 'id' | 'type' | 'sourceType' | 'source' | 'fact'>
  notifications: NewNotification[]
}

/** Returns the ids of the new ones; a notification that its fact already has is skipped. */
export async function insertNotifications(tx: Tx, made: Made[], now: Date): Promise<Set<string>> {
  const planned = made.flatMap(({ event, notifications }) => notifications.map((n) => toRow(event, n, now)))
  if (planned.length === 0) return new Set()
  const rows = await query<{ id: string }>(tx, {
    name: 'insert-notifications',
    text: `with planned as materialized (
             select * from json_to_recordset($1) as n(id uuid, event_id uuid, event_type text, source_type text, source text,
               fact text, notifier text, category text, channel text, recipient_id text, recipient_key text, address text,
               locale text, timezone text, reference text, state text, reason_code text, reason_params json,
               priority text, when_unsure text, sandboxed text, stopped_by json, quiet_hours json,
               subject text, words json, scheduled_for timestamptz, expires_at timestamptz, due_at timestamptz, digest_key text)),
           made as (
             insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
               recipient_id, recipient_key, address, locale, timezone, reference, priority, when_unsure, sandboxed, stopped_by,
               quiet_hours, subject, words, scheduled_for, expires_at, created_at)
             select id, event_id, event_type, source_type, source, fact, notifier, category, channel, recipient_id,
               recipient_key, address, locale, timezone, reference, priority, when_unsure, sandboxed,
               case when stopped_by is not null then array(select json_array_elements_text(stopped_by)) end,
               quiet_hours, subject, words, scheduled_for, expires_at, $2
             from planned
             on conflict (fact, notifier, channel, recipient_key) do nothing returning id)
           insert into notification_states (id, channel, priority, created_at, state, reason_code, reason_params, due_at, digest_key)
           select id, channel, priority, $2, state, reason_code, reason_params, due_at, digest_key
           from planned join made using (id) returning id`,
    values: [toJson(planned), now],
  })
  return new Set(rows.map((row) => row.id))
}

function toRow(event: Made['event'], n: NewNotification, now: Date) {
  const waits = n.state === 'pending' || n.state === 'scheduled'
  return {
    id: n.id,
    event_id: event.id,
    event_type: event.type,
    source_type: event.sourceType,
    source: event.source,
    fact: factOf(event),
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    recipient_id: n.recipientId,
    recipient_key: n.recipientKey,
    address: n.to,
    locale: n.locale,
    timezone: n.timezone,
    reference: n.reference,
    state: n.state,
    reason_code: n.reason.code,
    reason_params: paramsOf(n.reason),
    priority: n.priority,
    when_unsure: n.whenUnsure,
    sandboxed: n.sandboxed,
    stopped_by: n.stoppedBy,
    quiet_hours: n.quietHours,
    subject: n.message?.channel === 'email' ? n.message.subject : null,
    words: copyUsedBy(n.message),
    scheduled_for: n.scheduledFor,
    expires_at: n.expiresAt,
    digest_key: n.digest?.key ?? null,
    due_at: waits ? (n.state === 'scheduled' && n.scheduledFor ? n.scheduledFor : now) : null,
  }
}

/**
 * Prepares to insert what those of these notifications say that exist: their messages, or their parts of digests. Answers a function
 * that sends the inserts before it first waits. What cannot be made JSON, as it is too long, is thrown before anything is sent.
 */
export function prepareContents(tx: Tx, notifications: NewNotification[]): () => Promise<void> {
  const inserts = [...messageInserts(notifications), ...digestPartInserts(notifications)]
  return async () => {
    await together(...inserts.map((insert) => tx.query(insert)))
  }
}

export async function insertContents(tx: Tx, notifications: NewNotification[]): Promise<void> {
  await prepareContents(tx, notifications)()
}

function messageInserts(notifications: NewNotification[]): pg.QueryConfig[] {
  const rows = notifications.flatMap((n) => (n.message ? [{ notification_id: n.id, content: n.message }] : []))
  if (rows.length === 0) return []
  const text = `insert into messages (notification_id, content)
    select notification_id, content from json_to_recordset($1) as m(notification_id uuid, content json)
    where exists (select from notification_states s where s.id = m.notification_id)`
  return [{ name: 'insert-messages', text, values: [toJson(rows)] }]
}

function digestPartInserts(notifications: NewNotification[]): pg.QueryConfig[] {
  const rows = notifications.flatMap((n) => (n.digest ? [{ notification_id: n.id, content: n.digest.part }] : []))
  if (rows.length === 0) return []
  const text = `insert into digest_parts (notification_id, content)
    select notification_id, content from json_to_recordset($1) as p(notification_id uuid, content json)
    where exists (select from notification_states s where s.id = p.notification_id)`
  return [{ text, values: [toJson(rows)] }]
}
