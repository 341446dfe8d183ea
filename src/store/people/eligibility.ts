// Reads the suppressions and the preferences of the recipients of a batch.
import type { Recipient } from '../../domain/event.ts'
import type { Preference } from '../../policy/eligibility.ts'
import { query, type Reader } from '../db.ts'
import { firstSuppression } from './first-suppression.ts'

/** The pseudonym under which an erased person's choices hold on. */
type PseudonymOf = (text: string) => string

/** The suppressed addresses of these recipients, as `channel:address`, with the reason. */
export async function suppressedAddresses(
  db: Reader,
  recipients: Recipient[],
  pseudonymOf: PseudonymOf,
): Promise<Map<string, string>> {
  const addresses = addressesOf(recipients)
  const known = withPseudonyms(addresses, pseudonymOf)
  if (addresses.length === 0) return new Map()
  const rows = await query<{ channel: string; address: string; reason: string }>(
    db,
    `select c.channel, a.address, s.reason from (values ('email'), ('sms')) as c(channel) cross join unnest($1::text[]) as a(address)
     cross join lateral (${firstSuppression('reason', { channel: 'c.channel', address: 'a.address' })}) as s`,
    [[...known.keys()]],
  )
  return new Map(rows.map((row) => [`${row.channel}:${known.get(row.address)}`, row.reason]))
}

/** The preferences for `product` messages by the ids and addresses of these recipients, the latest last. */
export async function preferencesAbout(
  db: Reader,
  recipients: Recipient[],
  pseudonymOf: PseudonymOf,
): Promise<Preference[]> {
  const ids = recipients.flatMap(({ id }) => (id ? [id] : []))
  const known = withPseudonyms([...ids, ...addressesOf(recipients)], pseudonymOf)
  const rows = await query<Preference>(
    db,
    `select kind, app, subject, channel, allowed, said_by, said_at from preferences
     where subject = any($1) and category = 'product' order by sequence`,
    [[...known.keys()]],
  )
  return rows.map((row) => ({ ...row, subject: known.get(row.subject) ?? row.subject }))
}

/** What each text and its pseudonym stand for. */
function withPseudonyms(texts: string[], pseudonymOf: PseudonymOf): Map<string, string> {
  return new Map(texts.flatMap((text) => [text, pseudonymOf(text)].map((stored) => [stored, text] as const)))
}

function addressesOf(recipients: Recipient[]): string[] {
  return recipients.flatMap(({ email, phone }) => [email, phone]).flatMap((one) => (one ? [one.toLowerCase()] : []))
}
