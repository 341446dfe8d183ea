// Digests as rows: the parts that wait for one, and the transaction that makes it of them. digest.ts decides what it says.
import type { Category, Channel, DigestPart, NewNotification, WhenUnsure } from '../../domain/notification.ts'
import { reason } from '../../domain/reason.ts'
import { type Db, type Reader, type Tx, toJson, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { alarmOf } from '../jobs/wake.ts'
import { insertMessages, insertNotifications } from './insert.ts'

/** A notification that waits for its digest. */
export interface Part {
  id: string
  eventId: string
  eventType: string
  source: string
  notifier: string
  category: Category
  channel: Channel
  recipientId: string | null
  to: string
  locale: string
  timezone: string
  reference: string | null
  priority: NewNotification['priority']
  whenUnsure: WhenUnsure
  scheduledFor: Date
  expiresAt: Date | null
  digestKey: string
  content: DigestPart
}

/** All parts of the digest that this one waits for, in the order in which it happened; none where it waits no more. */
export async function partsWith(db: Reader, partId: string): Promise<Part[]> {
  const { rows } = await db.query<Part>(
    `select n.id, n.event_id as "eventId", n.event_type as "eventType", n.source, n.notifier, n.category, n.channel,
       n.recipient_id as "recipientId", n."to", n.locale, n.timezone, n.reference, n.priority,
       n.when_unsure as "whenUnsure", n.scheduled_for as "scheduledFor", n.expires_at as "expiresAt",
       n.digest_key as "digestKey", p.content
     from notifications one join notifications n on n.digest_key = one.digest_key and n.state = 'scheduled'
     join digest_parts p on p.notification_id = n.id join events e on e.id = n.event_id
     where one.id = $1 and one.state = 'scheduled' order by e.occurred_at, e.received_at, n.id`,
    [partId],
  )
  return rows
}

export interface Gathering {
  key: string
  /** Null where every part came too late for it. */
  digest: NewNotification | null
  parts: Part[]
  expired: Part[]
  /** Where parts go that come after their digest was made. */
  next: { key: string; at: Date } | null
}

/** `changed`: other parts wait by now than it was made of. `late`: it had gone out, and these wait for the next. */
export type Gathered = 'made' | 'changed' | 'late'

/** Makes the digest and moves its parts, or nothing. Of two at once, one finds that nothing waits any more. */
export async function gather(db: Db, jobs: Jobs, gathering: Gathering, now: Date): Promise<Gathered> {
  const { key, digest, parts, expired, next } = gathering
  return transaction(db, async (tx) => {
    const waiting = await tx.query<{ id: string }>(
      `select id from notifications where digest_key = $1 and state = 'scheduled' order by id for update`,
      [key],
    )
    const meant = [...parts, ...expired].map(({ id }) => id).sort()
    if (JSON.stringify(waiting.rows.map(({ id }) => id)) !== JSON.stringify(meant)) return 'changed'
    await leave(tx, expired, { state: 'expired', ...reason('expired') })
    const [first] = parts
    if (!digest || !first) return 'made'
    const event = { id: first.eventId, type: first.eventType, source: first.source, fact: `digest:${key}` }
    const made = await insertNotifications(tx, event, [digest], now)
    if (!made.has(digest.id)) {
      if (!next) throw new Error('a digest has no next time')
      await postpone(tx, jobs, parts, next)
      return 'late'
    }
    await insertMessages(tx, [digest])
    await leave(tx, parts, { state: 'digested', ...reason('digested', `It is notification ${digest.id}.`) })
    await tell(tx, digest, parts, now)
    if (digest.state === 'pending') await jobs.ring(tx, [alarmOf(digest)])
    return 'made'
  })
}

async function leave(tx: Tx, parts: Part[], end: { state: string; code: string; text: string }): Promise<void> {
  if (parts.length === 0) return
  await tx.query(
    `update notifications set state = $2, reason_code = $3, reason_text = $4, due_at = null
     where id = any($1) and state = 'scheduled'`,
    [parts.map(({ id }) => id), end.state, end.code, end.text],
  )
}

async function postpone(tx: Tx, jobs: Jobs, parts: Part[], next: { key: string; at: Date }): Promise<void> {
  await tx.query(
    `update notifications set scheduled_for = $2, due_at = $2, digest_key = $3 where id = any($1) and state = 'scheduled'`,
    [parts.map(({ id }) => id), next.at, next.key],
  )
  await jobs.ring(
    tx,
    parts.map((part) => alarmOf({ ...part, collects: true }, next.at)),
  )
}

async function tell(tx: Tx, digest: NewNotification, parts: Part[], now: Date): Promise<void> {
  const ids = parts.map(({ id }) => id)
  const rows = [
    ...parts.map(({ id }) => ({ id, what: 'It became part of a digest.', detail: `Notification ${digest.id}.` })),
    {
      id: digest.id,
      what: `It is a digest of ${ids.length} ${ids.length === 1 ? 'part' : 'parts'}.`,
      detail: `Notifications ${ids.slice(0, 20).join(', ')}${ids.length > 20 ? ' and others' : ''}.`,
    },
  ]
  await tx.query(
    `insert into timeline_entries (notification_id, at, what, detail)
     select id, $2, what, detail from json_to_recordset($1) as e(id uuid, what text, detail text)`,
    [toJson(rows), now],
  )
}
