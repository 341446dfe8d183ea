// Who looked at addresses that are masked for them by default.
import type { Db } from '../db.ts'

/** Recorded before the addresses are shown. */
export async function recordReveal(db: Db, entry: { at: Date; keyName: string; subject: string }): Promise<void> {
  await db.query(`insert into access_log (at, key_name, what, subject) values ($1, $2, 'revealed addresses', $3)`, [
    entry.at,
    entry.keyName,
    entry.subject,
  ])
}
