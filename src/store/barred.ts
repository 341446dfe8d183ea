// Who must not be sent what, and why: one question for a whole batch of recipients, asked when an event is planned or
// replayed. attempt-rows.ts asks again before each send.
import type { Recipient } from '../event.ts'
import type { Channel, Reason } from '../notification.ts'
import { reason } from '../reason.ts'
import type { Reader } from './db.ts'

type WhyNot = (about: { channel: Channel; to: string }) => Reason | null

/** Of these recipients: who is on the list of suppressions. */
export async function barredOf(db: Reader, recipients: Recipient[]): Promise<WhyNot> {
  const suppressed = await suppressedAddresses(db, recipients)
  return ({ channel, to }) => {
    const because = suppressed.get(`${channel}:${to.toLowerCase()}`)
    return because ? reason('suppressed_address', `On the list as: ${because}.`) : null
  }
}

/** Of their addresses, the suppressed ones as `channel:address` in lower case, with the reason. */
async function suppressedAddresses(db: Reader, recipients: Recipient[]): Promise<Map<string, string>> {
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
