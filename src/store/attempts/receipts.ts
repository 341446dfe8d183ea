// Receipts: stored once, and linked to their notification or parked until it is found.
import { v7 as uuidv7 } from 'uuid'
import type { ReceiptKind } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { type OfNotification, rowsAtBothEnds } from '../both-ends.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import { firstSuppression } from '../people/first-suppression.ts'
import type { NewReport } from './reports.ts'

/** The wait before a receipt's first retry; most calls have ended by then. */
const firstWaitMs = 2000

/**
 * SQL: the notification of a receipt with these columns, by the attempt's id, else by the provider's id, else by the
 * notification's id if that provider was called for it.
 */
const notificationOf = (receipt: string, provider: string) => `
  select a.notification_id, 1 as rank from attempts a where a.id = ${receipt}.named_attempt_id and a.provider = ${provider}
  union all
  select a.notification_id, 2 from attempts a
  where a.provider = ${provider} and a.provider_message_id = ${receipt}.provider_message_id
  union all
  select a.notification_id, 3 from settlements s join attempts a on a.id = s.attempt_id
  where s.provider = ${provider} and s.provider_message_id = ${receipt}.provider_message_id
  union all
  select a.notification_id, 4 from attempts a
  where a.notification_id = ${receipt}.named_notification_id and a.provider = ${provider}
  order by rank limit 1`

/**
 * SQL: locks the states of the notifications in \`found\` in the order in which a delivery locks them, before a foreign key
 * locks their details in any order.
 */
const lockFound = `select n.id from notification_states n where n.id = any(array(select notification_id from found))
  order by n.id for key share`

/** A receipt that was not known before, and its notification if that was found. */
export interface NewReceipt {
  id: string
  key: string
  reportId: string
  notificationId: string | null
}

/** Inserts the receipts of one provider's reports, linked to their notifications, and returns the new ones. */
export async function insertReceipts(tx: Tx, provider: string, reports: NewReport[]): Promise<NewReceipt[]> {
  const all = reports.flatMap(({ receipts, ...report }) => receipts.map((receipt) => ({ ...report, receipt })))
  const rows = all.map(({ id: report_id, receivedAt, receipt }, place) => ({
    place,
    id: uuidv7({ msecs: receivedAt.getTime() }),
    report_id,
    key: receipt.key,
    kind: receipt.kind,
    at: receipt.at,
    received_at: receivedAt,
    try_at: new Date(receivedAt.getTime() + firstWaitMs),
    provider_message_id: receipt.providerMessageId,
    named_notification_id: uuidOf(receipt.notificationId),
    named_attempt_id: uuidOf(receipt.attemptId),
    suppress: receipt.suppress,
    code: receipt.code,
    text: receipt.text,
  }))
  if (rows.length === 0) return []
  return query<NewReceipt>(
    tx,
    `with incoming as materialized (
       select * from json_to_recordset($1) as r(place integer, id uuid, report_id uuid, key text, kind text, at timestamptz,
         received_at timestamptz, try_at timestamptz, provider_message_id text, named_notification_id uuid,
         named_attempt_id uuid, suppress text, code text, text text)),
     found as materialized (
       select t.id, n.notification_id from incoming t cross join lateral (${notificationOf('t', '$2')}) as n),
     locked as materialized (${lockFound})
     insert into receipts (id, report_id, provider, key, kind, at, received_at, try_at, provider_message_id,
       named_notification_id, named_attempt_id, suppress, code, text, notification_id)
     select t.id, report_id, $2, key, kind, at, received_at, try_at, provider_message_id, named_notification_id,
       named_attempt_id, suppress, code, text, locked.id
     from incoming t left join found f on f.id = t.id left join locked on locked.id = f.notification_id
     -- In one order, so that two batches with the same receipts cannot deadlock.
     order by key, place
     on conflict (provider, key) do nothing returning id, key, report_id, notification_id`,
    [toJson(rows), provider],
  )
}

/** Marks receipts that count for the address that they name. */
export async function countByAddress(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length > 0) await tx.query('update receipts set by_address = true where id = any($1)', [ids])
}

/** Links waiting receipts to their notifications where these are known by now, and returns the notifications' ids. */
export async function linkReceipts(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await query<{ notificationId: string }>(
    tx,
    `with found as materialized (
       select t.id, n.notification_id from receipts t
       cross join lateral (${notificationOf('t', 't.provider')}) as n where t.id = any($1)),
     locked as materialized (${lockFound})
     update receipts r set notification_id = locked.id from found join locked on locked.id = found.notification_id
     where r.id = found.id returning r.notification_id`,
    [ids],
  )
  return [...new Set(rows.map((row) => row.notificationId))]
}

/** Why the addresses of these notifications are suppressed, by notification. */
export async function suppressionsOf(tx: Tx, notificationIds: string[]): Promise<Map<string, string>> {
  if (notificationIds.length === 0) return new Map()
  const rows = await query<{ id: string; reason: string }>(
    tx,
    `select n.id, s.reason from notification_details n
     cross join lateral (${firstSuppression('reason', { channel: 'n.channel', address: 'lower(n.address)' })}) as s
     where n.id = any($1)`,
    [notificationIds],
  )
  return new Map(rows.map(({ id, reason }) => [id, reason]))
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

/** The receipts of these notifications, in order of arrival: at most this many at each end, or all. */
export async function receiptsOf(
  tx: Reader,
  notificationIds: string[],
  atEachEnd: number | null,
): Promise<OfNotification<ReceiptRow>[]> {
  return rowsAtBothEnds(tx, notificationIds, atEachEnd, {
    table: 'receipts',
    columns: 'r.provider, r.kind, r.at, r.received_at, r.provider_message_id, r.code, r.text',
    order: ['received_at', 'id'],
  })
}
