// Addresses that must not be sent to.
import type { Recipient } from '../event.ts'
import type { Db } from './db.ts'

/** Of these recipients' addresses, the suppressed ones as `channel:address` in lower case, with the reason. */
export async function suppressedAddresses(db: Db, recipients: Recipient[]): Promise<Map<string, string>> {
  const addresses = recipients
    .flatMap(({ email, phone }) => [email, phone])
    .flatMap((a) => (a ? [a.toLowerCase()] : []))
  if (addresses.length === 0) return new Map()
  const { rows } = await db.query<{ channel: string; address: string; reason: string }>(
    `select channel, address, reason from suppressions where channel in ('email', 'sms') and address = any($1)`,
    [addresses],
  )
  return new Map(rows.map((row) => [`${row.channel}:${row.address}`, row.reason]))
}
