// Counts the tries of deliveries and of applying receipts, so that none that fails, or ends the process, is repeated for ever.
import type { Reader, Tx } from '../db.ts'

/**
 * Counts a try of a notification that is due and answers how many there were in a row, this one included. Null if it is not
 * due, or, for `untried`, if a try was counted before.
 */
export async function beginDelivery(
  db: Reader,
  id: string,
  which: 'untried' | 'tried',
  now: Date,
): Promise<number | null> {
  const { rows } = await db.query<{ tries: number }>(
    'update notifications set tries = tries + 1 where id = $1 and due_at <= $2 and (tries = 0 or $3) returning tries',
    [id, now, which === 'tried'],
  )
  return rows[0]?.tries ?? null
}

/** A try that came to its end, whatever it decided, ends the row of those that failed. */
export async function endDelivery(db: Reader, id: string): Promise<void> {
  await db.query('update notifications set tries = 0 where id = $1 and tries > 0', [id])
}

/** Takes back a try that failed through no fault of the notification. */
export async function uncountDelivery(db: Reader, id: string): Promise<void> {
  await db.query('update notifications set tries = greatest(tries - 1, 0) where id = $1', [id])
}

/** Counts a try to apply the waiting receipts of these notifications; answers the notifications whose tries exceed `most`. */
export async function beginReceipts(tx: Tx, notificationIds: string[], most: number): Promise<Set<string>> {
  const { rows } = await tx.query<{ notification_id: string; tries: number }>(
    `update receipts set tries = tries + 1
     where notification_id = any($1) and try_at is not null and applied_at is null returning notification_id, tries`,
    [notificationIds],
  )
  return new Set(rows.filter(({ tries }) => tries > most).map((row) => row.notification_id))
}

export async function endReceipts(db: Reader, notificationId: string): Promise<void> {
  await db.query('update receipts set tries = 0 where notification_id = $1 and tries > 0', [notificationId])
}

export async function uncountReceipts(db: Reader, notificationId: string): Promise<void> {
  await db.query(
    'update receipts set tries = greatest(tries - 1, 0) where notification_id = $1 and applied_at is null',
    [notificationId],
  )
}

/** Gives up the waiting receipts of a notification; answers how many. */
export async function giveUpReceipts(tx: Tx, notificationId: string, reasonCode: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update receipts set try_at = null, reason_code = $2
     where notification_id = $1 and try_at is not null and applied_at is null`,
    [notificationId, reasonCode],
  )
  return rowCount ?? 0
}
