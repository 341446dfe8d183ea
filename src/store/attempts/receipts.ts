// Receipts: stored once, linked to their notification or parked until it is found, and applied to it.
import { v7 as uuidv7 } from 'uuid'
import { paramsOf } from '../../domain/coded.ts'
import type { Deliverable } from '../../domain/deliverable.ts'
import type { ReceiptKind, StoredReceipt } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import type { ReceiptMove } from '../../policy/apply-receipts.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import { firstSuppression } from '../people/first-suppression.ts'
import type { NewReport } from './reports.ts'

/** The wait before a receipt's first retry; most calls have ended by then. */
const firstWaitMs = 2000

/** Inserts receipts and returns the new ones. */
export async function insertReceipts(tx: Tx, report: NewReport): Promise<{ id: string; key: string }[]> {
  const { id, provider, receipts, receivedAt } = report
  if (receipts.length === 0) return []
  const rows = receipts.map((receipt) => ({
    id: uuidv7({ msecs: receivedAt.getTime() }),
    key: receipt.key,
    kind: receipt.kind,
    at: receipt.at,
    provider_message_id: receipt.providerMessageId,
    told_notification_id: uuidOf(receipt.notificationId),
    told_attempt_id: uuidOf(receipt.attemptId),
    suppress: receipt.suppress,
    code: receipt.code,
    text: receipt.text,
  }))
  return query(
    tx,
    `insert into receipts (id, report_id, provider, key, kind, at, received_at, try_at, provider_message_id,
       told_notification_id, told_attempt_id, suppress, code, text)
     select id, $2, $3, key, kind, at, $4, $5, provider_message_id, told_notification_id, told_attempt_id, suppress, code, text
     from json_to_recordset($1) as r(id uuid, key text, kind text, at timestamptz, provider_message_id text,
       told_notification_id uuid, told_attempt_id uuid, suppress text, code text, text text)
     -- In one order, so that two reports with the same receipts cannot deadlock.
     order by key
     on conflict (provider, key) do nothing returning id, key`,
    [toJson(rows), id, provider, receivedAt, new Date(receivedAt.getTime() + firstWaitMs)],
  )
}

/** Marks those of these receipts that no message of ours is known by, and returns their ids. */
export async function countByAddress(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await query<{ id: string }>(
    tx,
    'update receipts set by_address = true where id = any($1) and notification_id is null returning id',
    [ids],
  )
  return rows.map((row) => row.id)
}

/**
 * Links receipts to notifications, by the attempt's id, else by the provider's id, else by the notification's id if that
 * provider was called for it, and returns the notifications' ids. Their states are locked in the order in which a delivery
 * locks them, before the foreign key locks their details in any order.
 */
export async function linkReceipts(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await query<{ notificationId: string }>(
    tx,
    `with found as materialized (
       select t.id, a.notification_id from receipts t cross join lateral (
         select a.notification_id, 1 as rank from attempts a where a.id = t.told_attempt_id and a.provider = t.provider
         union all
         select a.notification_id, 2 from attempts a
         where a.provider = t.provider and a.provider_message_id = t.provider_message_id
         union all
         select a.notification_id, 3 from settlements s join attempts a on a.id = s.attempt_id
         where s.provider = t.provider and s.provider_message_id = t.provider_message_id
         union all
         select a.notification_id, 4 from attempts a
         where a.notification_id = t.told_notification_id and a.provider = t.provider
         order by rank limit 1
       ) a where t.id = any($1)),
     locked as materialized (
       select n.id from notification_states n where n.id in (select notification_id from found) order by n.id for key share)
     update receipts r set notification_id = locked.id from found join locked on locked.id = found.notification_id
     where r.id = found.id returning r.notification_id`,
    [ids],
  )
  return [...new Set(rows.map((row) => row.notificationId))]
}

/** The receipts of a notification, in order of arrival, and the reason if its address is already suppressed. */
export async function readReceipts(
  tx: Tx,
  { id, channel, to }: Deliverable,
): Promise<{ receipts: StoredReceipt[]; suppressed: string | null }> {
  const receipts = await query<StoredReceipt>(
    tx,
    `select id, provider, kind, coalesce(at, received_at) as at, provider_message_id, told_attempt_id, suppress, code, text,
       applied_at is null and not by_address as is_fresh
     from receipts where notification_id = $1 and reason_code is null order by received_at, id`,
    [id],
  )
  const [listed] = await query<{ reason: string }>(
    tx,
    firstSuppression('reason', { channel: '$1', address: 'lower($2)' }),
    [channel, to],
  )
  return { receipts, suppressed: listed?.reason ?? null }
}

/** Moves a notification from the state that was read under its lock. */
export async function moveByReceipts(tx: Tx, { id, state: from }: Deliverable, to: ReceiptMove): Promise<void> {
  await tx.query(
    `update notification_states set state = $3, reason_code = $4, reason_params = $5, due_at = null, delivered_at = $6,
       opened_at = $7, clicked_at = $8, provider = coalesce(provider, $9), sent_at = coalesce(sent_at, $11),
       provider_message_id = case when coalesce(provider, $9) = $9 then coalesce(provider_message_id, $10) else provider_message_id end
     where id = $1 and state = $2`,
    [
      ...[id, from, to.state, to.reason?.code ?? null, paramsOf(to.reason)],
      ...[to.deliveredAt, to.openedAt, to.clickedAt, to.provider, to.ref, to.sentAt],
    ],
  )
}

/** Marks receipts as applied, each with its attempt; null if it matches none. */
export async function markApplied(
  tx: Tx,
  matches: { receiptId: string; attemptId: string | null }[],
  now: Date,
): Promise<void> {
  await tx.query(
    `update receipts r set attempt_id = a.attempt_id, applied_at = coalesce(r.applied_at, $2), try_at = null
     from json_to_recordset($1) as a(id uuid, attempt_id uuid)
     where r.id = a.id and (r.applied_at is null or r.attempt_id is distinct from a.attempt_id)`,
    [toJson(matches.map(({ receiptId, attemptId }) => ({ id: receiptId, attempt_id: attemptId }))), now],
  )
}

export interface ReceiptRow {
  provider: string
  kind: ReceiptKind
  at: Date | null
  receivedAt: Date
  providerMessageId: string | null
  code: string | null
  text: string | null
}

/** The receipts of one notification, in order of arrival. */
export async function receiptsOf(tx: Reader, notificationId: string): Promise<ReceiptRow[]> {
  return query<ReceiptRow>(
    tx,
    `select provider, kind, at, received_at, provider_message_id, code, text from receipts
     where notification_id = $1 order by received_at, id`,
    [notificationId],
  )
}
