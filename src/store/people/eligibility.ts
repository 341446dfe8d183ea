// Finds which recipients of a batch must not get which messages, and why.
import type { Recipient } from '../../domain/event.ts'
import type { Category, Channel, Reason } from '../../domain/notification.ts'
import { reason } from '../../domain/reason.ts'
import { query, type Reader } from '../db.ts'
import { firstSuppression } from './first-suppression.ts'
import { mayOptOut, optOutsOf } from './preferences.ts'

interface Proposal {
  channel: Channel
  to: string
  recipientId: string | null
  source: string
  category: Category
}
type IneligibilityOf = (about: Proposal) => Reason | null

/** Reads the suppressions and opt-outs of these recipients, and returns a function that says why a message is ineligible. */
export async function ineligibleOf(
  db: Reader,
  recipients: Recipient[],
  notifiers: { category: Category }[],
): Promise<IneligibilityOf> {
  const ids = recipients.flatMap(({ id }) => (id ? [id] : []))
  const addresses = recipients
    .flatMap(({ email, phone }) => [email, phone])
    .flatMap((a) => (a ? [a.toLowerCase()] : []))
  const suppressed = await suppressedAddresses(db, addresses)
  const mayBeOptedOut = notifiers.some(({ category }) => mayOptOut(category))
  const optedOut = mayBeOptedOut ? await optOutsOf(db, { ids, addresses }) : () => null
  return (about) => {
    const suppression = suppressed.get(`${about.channel}:${about.to.toLowerCase()}`)
    if (suppression) return reason('suppressed_address', `Listed as: ${suppression}.`)
    return mayOptOut(about.category) ? optedOut(about) : null
  }
}

/** The suppressed ones of these addresses, as `channel:address`, with the reason. */
async function suppressedAddresses(db: Reader, addresses: string[]): Promise<Map<string, string>> {
  if (addresses.length === 0) return new Map()
  const rows = await query<{ channel: string; address: string; reason: string }>(
    db,
    `select c.channel, a.address, s.reason from (values ('email'), ('sms')) as c(channel) cross join unnest($1::text[]) as a(address)
     cross join lateral (${firstSuppression('reason', { channel: 'c.channel', address: 'a.address' })}) as s`,
    [addresses],
  )
  return new Map(rows.map((row) => [`${row.channel}:${row.address}`, row.reason]))
}
