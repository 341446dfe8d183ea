// Digest parts: notifications that wait to be combined into one.
import { paramsOf } from '../../domain/coded.ts'
import type { Category, Channel, DigestPart, NewNotification, WhenUnsure } from '../../domain/notification.ts'
import type { Reason } from '../../domain/reason.ts'
import type { SandboxCause } from '../../domain/sandbox.ts'
import { query, type Reader, type Tx } from '../db.ts'

/** A notification that waits for its digest. */
export interface Part {
  id: string
  eventId: string
  eventType: string
  sourceType: string
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
  sandboxed: SandboxCause | null
  scheduledFor: Date
  expiresAt: Date | null
  digestKey: string
  content: DigestPart
}

/** All parts of the digest that this part waits for, in the order of their events; none if it no longer waits. */
export async function partsWith(db: Reader, partId: string): Promise<Part[]> {
  return query<Part>(
    db,
    `select n.id, n.event_id, n.event_type, n.source_type, n.source, n.notifier, n.category, n.channel,
       n.recipient_id, n.address as "to", n.locale, n.timezone, n.reference, n.priority,
       n.when_unsure, n.sandboxed, n.scheduled_for, n.expires_at,
       n.digest_key, p.content
     from notifications one join notifications n on n.digest_key = one.digest_key and n.state = 'scheduled'
     join digest_parts p on p.notification_id = n.id join events e on e.id = n.event_id
     where one.id = $1 and one.state = 'scheduled' order by e.occurred_at, e.received_at, n.id`,
    [partId],
  )
}

/** Locks all parts that wait for this digest and returns their ids in order. */
export async function lockParts(tx: Tx, digestKey: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select id from notification_states where digest_key = $1 and state = 'scheduled' order by id for update`,
    [digestKey],
  )
  return rows.map(({ id }) => id)
}

/** Ends waiting parts. */
export async function endParts(tx: Tx, ids: string[], state: 'digested' | 'expired', why: Reason): Promise<void> {
  if (ids.length === 0) return
  await tx.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = $4, due_at = null
     where id = any($1) and state = 'scheduled'`,
    [ids, state, why.code, paramsOf(why)],
  )
}

/** Moves waiting parts to another digest. */
export async function moveParts(tx: Tx, ids: string[], next: { key: string; at: Date }): Promise<void> {
  await tx.query(
    `with moved as (
       update notification_states set due_at = $2, digest_key = $3 where id = any($1) and state = 'scheduled' returning id)
     update notification_details d set scheduled_for = $2 from moved where d.id = moved.id`,
    [ids, next.at, next.key],
  )
}
