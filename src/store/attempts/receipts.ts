// Receipts: kept raw and once, matched to the notification they mean, parked until one is found. apply-receipts.ts
// turns those of one notification into its state.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Receipt, ReceiptKind } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { type Db, type Tx, toJson, transaction } from '../db.ts'

export interface NewReport {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  once: string | null
  receivedAt: Date
}

/** `forged`: its token was used before, with another body. Else the notifications that new receipts are about. */
export type KeptReport = { kind: 'kept'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** How long a receipt waits before it is tried again for the first time: most find their call ended by then. */
const firstWaitMs = 2000

/** Stores a report and the receipts in it that are new. Told twice, the second time changes nothing. */
export async function keepReport(db: Db, report: NewReport): Promise<KeptReport> {
  return transaction(db, async (tx) => {
    const id = uuidv7({ msecs: report.receivedAt.getTime() })
    const digest = createHash('sha256').update(report.raw).digest('base64url')
    const { rowCount } = await tx.query(
      `insert into reports (id, provider, received_at, once, digest, raw) values ($1, $2, $3, $4, $5, $6)
       on conflict (provider, once) do nothing`,
      [id, report.provider, report.receivedAt, report.once, digest, report.raw],
    )
    if (rowCount === 0) {
      const seen = await tx.query<{ digest: string }>('select digest from reports where provider = $1 and once = $2', [
        report.provider,
        report.once,
      ])
      return seen.rows[0]?.digest === digest ? { kind: 'kept', fresh: 0, notifications: [] } : { kind: 'forged' }
    }
    const fresh = await insertReceipts(tx, id, report)
    // Who sends the same again and again must not fill the table; a token is remembered, though.
    if (fresh.length === 0 && report.receipts.length > 0 && report.once === null)
      await tx.query('delete from reports where id = $1', [id])
    return { kind: 'kept', fresh: fresh.length, notifications: await match(tx, fresh) }
  })
}

async function insertReceipts(
  tx: Tx,
  reportId: string,
  { provider, receipts, receivedAt }: NewReport,
): Promise<string[]> {
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
  const inserted = await tx.query<{ id: string }>(
    `insert into receipts (id, report_id, provider, key, kind, at, received_at, try_at, provider_message_id,
       told_notification_id, told_attempt_id, suppress, code, text)
     select id, $2, $3, key, kind, at, $4, $5, provider_message_id, told_notification_id, told_attempt_id, suppress, code, text
     from json_to_recordset($1) as r(id uuid, key text, kind text, at timestamptz, provider_message_id text,
       told_notification_id uuid, told_attempt_id uuid, suppress text, code text, text text)
     -- In one order: two reports with the same receipts wait for each other in line.
     order by key
     on conflict (provider, key) do nothing returning id`,
    [toJson(rows), reportId, provider, receivedAt, new Date(receivedAt.getTime() + firstWaitMs)],
  )
  return inserted.rows.map((row) => row.id)
}

/**
 * Finds the notifications of receipts: by the attempt's id, else by the provider's own, else by the notification's id
 * where that provider was called for it. Answers which they are. The notifications are locked in one order, as
 * batches of attempts lock them, because the foreign key would lock them in any.
 */
async function match(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await tx.query<{ notification_id: string }>(
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
       select n.id from notifications n where n.id in (select notification_id from found) order by n.id for key share)
     update receipts r set notification_id = locked.id from found join locked on locked.id = found.notification_id
     where r.id = found.id returning r.notification_id`,
    [ids],
  )
  return [...new Set(rows.map((row) => row.notification_id))]
}

export interface Waiting {
  /** How many receipts were looked at. */
  tried: number
  /** Those whose receipts can be applied now. */
  notifications: string[]
}

/** Takes the next receipts that wait, and sets when they are looked at again. Old ones without a message are left. */
export async function takeWaiting(db: Db, now: Date, limit: number): Promise<Waiting> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: string; notification_id: string | null }>(
      `with due as materialized (
         select id from receipts where try_at <= $1 order by try_at limit $2 for update skip locked)
       update receipts r set try_at =
         case when r.notification_id is null and r.received_at < $1::timestamptz - interval '3 days' then null
           else $1::timestamptz + least(greatest($1::timestamptz - r.received_at, interval '2 s'), interval '6 h') end
       from due where r.id = due.id returning r.id, r.notification_id`,
      [now, limit],
    )
    const found = await match(
      tx,
      rows.filter((row) => row.notification_id === null).map((row) => row.id),
    )
    const known = rows.flatMap((row) => row.notification_id ?? [])
    return { tried: rows.length, notifications: [...new Set([...known, ...found])] }
  })
}

export interface ReceiptRow {
  provider: string
  kind: ReceiptKind
  at: Date | null
  received_at: Date
  provider_message_id: string | null
  code: string | null
  text: string | null
}

/** What the providers told of one notification, in the order in which it came. */
export async function receiptsOf(tx: Pick<Tx, 'query'>, notificationId: string): Promise<ReceiptRow[]> {
  const { rows } = await tx.query<ReceiptRow>(
    `select provider, kind, at, received_at, provider_message_id, code, text from receipts
     where notification_id = $1 order by received_at, id`,
    [notificationId],
  )
  return rows
}
