// Receipts: kept raw and once, matched to the attempt they mean, parked until one is found. apply-receipts.ts
// turns those of one notification into its state.
import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { Receipt, ReceiptKind } from '../receipt.ts'
import { type Db, type Tx, toJson, transaction } from './db.ts'

export interface NewCallback {
  provider: string
  raw: Buffer
  receipts: Receipt[]
  once: string | null
  receivedAt: Date
}

/** `forged`: its token was used before, with another body. Else the notifications that new receipts are about. */
export type KeptCallback = { kind: 'kept'; fresh: number; notifications: string[] } | { kind: 'forged' }

/** Stores a callback and the receipts in it that are new. Told twice, the second time changes nothing. */
export async function keepCallback(db: Db, callback: NewCallback): Promise<KeptCallback> {
  return transaction(db, async (tx) => {
    const id = uuidv7({ msecs: callback.receivedAt.getTime() })
    const digest = createHash('sha256').update(callback.raw).digest('base64url')
    const { rowCount } = await tx.query(
      `insert into callbacks (id, provider, received_at, once, digest, raw) values ($1, $2, $3, $4, $5, $6)
       on conflict (provider, once) do nothing`,
      [id, callback.provider, callback.receivedAt, callback.once, digest, callback.raw],
    )
    if (rowCount === 0) {
      const seen = await tx.query<{ digest: string }>(
        'select digest from callbacks where provider = $1 and once = $2',
        [callback.provider, callback.once],
      )
      return seen.rows[0]?.digest === digest ? { kind: 'kept', fresh: 0, notifications: [] } : { kind: 'forged' }
    }
    const fresh = await insertReceipts(tx, id, callback)
    await match(tx, fresh)
    const { rows } = await tx.query<{ notification_id: string }>(
      'select distinct notification_id from receipts where id = any($1) and notification_id is not null',
      [fresh],
    )
    return { kind: 'kept', fresh: fresh.length, notifications: rows.map((row) => row.notification_id) }
  })
}

async function insertReceipts(
  tx: Tx,
  callbackId: string,
  { provider, receipts, receivedAt }: NewCallback,
): Promise<string[]> {
  if (receipts.length === 0) return []
  const rows = receipts.map((receipt) => ({
    id: uuidv7({ msecs: receivedAt.getTime() }),
    key: receipt.key,
    kind: receipt.kind,
    at: receipt.at,
    provider_message_id: receipt.providerMessageId,
    told_notification_id: uuidOrNull(receipt.notificationId),
    told_attempt_id: uuidOrNull(receipt.attemptId),
    suppress: receipt.suppress,
    code: receipt.code,
    text: receipt.text,
  }))
  const inserted = await tx.query<{ id: string }>(
    `insert into receipts (id, callback_id, provider, key, kind, at, received_at, provider_message_id, told_notification_id,
       told_attempt_id, suppress, code, text)
     select id, $2, $3, key, kind, at, $4, provider_message_id, told_notification_id, told_attempt_id, suppress, code, text
     from json_to_recordset($1) as r(id uuid, key text, kind text, at timestamptz, provider_message_id text,
       told_notification_id uuid, told_attempt_id uuid, suppress text, code text, text text)
     on conflict (provider, key) do nothing returning id`,
    [toJson(rows), callbackId, provider, receivedAt],
  )
  return inserted.rows.map((row) => row.id)
}

/** By the attempt's id, else by the provider's own, else by the notification's id and the provider's last attempt. */
async function match(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(
    `update receipts r set attempt_id = a.id, notification_id = a.notification_id
     from receipts t cross join lateral (
       select a.id, a.notification_id, 1 as rank, a.number from attempts a where a.id = t.told_attempt_id and a.provider = t.provider
       union all
       select a.id, a.notification_id, 2, a.number from attempts a
       where a.provider = t.provider and a.provider_message_id = t.provider_message_id
       union all
       select a.id, a.notification_id, 3, a.number from attempts a join settlements s on s.attempt_id = a.id
       where s.provider = t.provider and s.provider_message_id = t.provider_message_id
       union all
       select a.id, a.notification_id, 4, a.number from attempts a
       where a.notification_id = t.told_notification_id and a.provider = t.provider
       order by rank, number desc limit 1
     ) a
     where r.id = t.id and t.id = any($1)`,
    [ids],
  )
}

/** Of the receipts that wait, those whose notification is known by now: their notifications, the longest waiting first. */
export async function waitingReceipts(db: Db, before: Date, limit: number): Promise<string[]> {
  return transaction(db, async (tx) => {
    const waiting = await tx.query<{ id: string }>(
      `select id from receipts where applied_at is null and notification_id is null and received_at < $1
       and received_at > $1 - interval '3 days' order by received_at limit $2`,
      [before, limit],
    )
    await match(
      tx,
      waiting.rows.map((row) => row.id),
    )
    const { rows } = await tx.query<{ notification_id: string }>(
      `select distinct notification_id from receipts
       where applied_at is null and notification_id is not null and received_at < $1 limit $2`,
      [before, limit],
    )
    return rows.map((row) => row.notification_id)
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

function uuidOrNull(text: string | null): string | null {
  return text && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null
}
