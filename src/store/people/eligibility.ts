// Reads the suppressions and the preferences of the recipients of a batch.
import type { Recipient } from '../../domain/event.ts'
import type { Preference } from '../../policy/eligibility.ts'
import { query, type Reader } from '../db.ts'
import { firstSuppression } from './first-suppression.ts'

/** The suppressed addresses of these recipients, as `channel:address`, with the reason. */
export async function suppressedAddresses(db: Reader, recipients: Recipient[]): Promise<Map<string, string>> {
  const addresses = addressesOf(recipients)
  if (addresses.length === 0) return new Map()
  const rows = await query<{ channel: string; address: string; reason: string }>(
    db,
    `select c.channel, a.address, s.reason from (values ('email'), ('sms')) as c(channel) cross join unnest($1::text[]) as a(address)
     cross join lateral (${firstSuppression('reason', { channel: 'c.channel', address: 'a.address' })}) as s`,
    [addresses],
  )
  return new Map(rows.map((row) => [`${row.channel}:${row.address}`, row.reason]))
}

/** The preferences for `product` messages by the ids and addresses of these recipients, the latest last. */
export async function preferencesAbout(db: Reader, recipients: Recipient[]): Promise<Preference[]> {
  const ids = recipients.flatMap(({ id }) => (id ? [id] : []))
  return query<Preference>(
    db,
    `select kind, app, subject, channel, allowed, said_by, said_at from preferences
     where subject = any($1) and category = 'product' order by sequence`,
    [[...ids, ...addressesOf(recipients)]],
  )
}

function addressesOf(recipients: Recipient[]): string[] {
  return recipients.flatMap(({ email, phone }) => [email, phone]).flatMap((one) => (one ? [one.toLowerCase()] : []))
}
