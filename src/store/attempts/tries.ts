// Counts the tries of deliveries, so that one that fails, or ends the process, is not repeated forever.
import { query, type Reader } from '../db.ts'

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
  const [row] = await query<{ tries: number }>(
    db,
    'update notification_states set tries = tries + 1 where id = $1 and due_at <= $2 and (tries = 0 or $3) returning tries',
    [id, now, which === 'tried'],
  )
  return row?.tries ?? null
}

/** Resets the count: a try came to its end, whatever it decided. */
export async function endDelivery(db: Reader, id: string): Promise<void> {
  await db.query('update notification_states set tries = 0 where id = $1 and tries > 0', [id])
}

/** Takes back a try that failed through no fault of the notification. */
export async function uncountDelivery(db: Reader, id: string): Promise<void> {
  await db.query('update notification_states set tries = greatest(tries - 1, 0) where id = $1', [id])
}
