// Receipts that wait to be applied: when each is tried, how often it was, and when it is given up. None of them is outweighed,
// which each statement says, so that it reads the small index of those that count.
import { query, type Reader, type Tx } from '../db.ts'

/**
 * Takes the next parked receipts and sets their next retry; those without a notification after 3 days get none. `tried`:
 * those whose last try failed or ended the process.
 */
export async function takeWaiting(
  tx: Tx,
  now: Date,
  which: 'untried' | 'tried',
  limit: number,
): Promise<{ id: string; notificationId: string | null }[]> {
  return query(
    tx,
    `with due as materialized (
       select id from receipts where try_at <= $1 and (tries > 0) = $3 order by try_at limit $2 for update skip locked)
     update receipts r set try_at =
       case when r.notification_id is null and r.received_at < $1::timestamptz - interval '3 days' then null
         else $1::timestamptz + least(greatest($1::timestamptz - r.received_at, interval '2 s'), interval '6 h') end
     from due where r.id = due.id returning r.id, r.notification_id`,
    [now, limit, which === 'tried'],
  )
}

/** Counts a try to apply the waiting receipts of these notifications; answers how many each has had in a row. */
export async function beginReceipts(tx: Tx, notificationIds: string[]): Promise<Map<string, number>> {
  const rows = await query<{ notificationId: string; tries: number }>(
    tx,
    `with begun as (
       update receipts set tries = tries + 1
       where notification_id = any($1) and not outweighed and try_at is not null and applied_at is null returning notification_id, tries)
     select notification_id, max(tries) as tries from begun group by notification_id`,
    [notificationIds],
  )
  return new Map(rows.map(({ notificationId, tries }) => [notificationId, tries]))
}

/** Resets the count: applying the receipts of these notifications came to its end. */
export async function endReceipts(db: Reader, notificationIds: string[]): Promise<void> {
  await db.query('update receipts set tries = 0 where notification_id = any($1) and not outweighed and tries > 0', [
    notificationIds,
  ])
}

/** Takes back a try that failed through no fault of these receipts. */
export async function uncountReceipts(db: Reader, notificationId: string): Promise<void> {
  await db.query(
    `update receipts set tries = greatest(tries - 1, 0)
     where notification_id = $1 and not outweighed and applied_at is null`,
    [notificationId],
  )
}

/** Gives up the waiting receipts of a notification; answers how many. */
export async function giveUpReceipts(tx: Tx, notificationId: string, reasonCode: string): Promise<number> {
  const { rowCount } = await tx.query(
    `update receipts set try_at = null, reason_code = $2
     where notification_id = $1 and not outweighed and try_at is not null and applied_at is null`,
    [notificationId, reasonCode],
  )
  return rowCount ?? 0
}
