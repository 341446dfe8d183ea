// Scenario: receipts that arrive before the call's answer, twice, in any order, and forged ones. Each message must end as
// delivered, each receipt must count once, and each forgery must be refused.
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import webhooks from 'twilio/lib/webhooks/webhooks.js'
import { systemClock } from '../../src/clock.ts'
import { settings } from '../sender.ts'
import { eventually } from './fleet.ts'
import type { Result, Stage } from './stage.ts'
import { resendSecret, type Taken } from './vendors.ts'

interface Receipt {
  path: string
  headers: Record<string, string>
  body: string
}

const forgedSecret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const deliveredWithinMs = 20_000

export async function receipts(stage: Stage): Promise<Result> {
  const { fleet, random, short, events, load } = stage
  const posted = events(short ? 100 : 400)
  const addresses = new Set(posted.flatMap(({ email, phone }) => [email, phone]))
  const late: Receipt[] = []
  const forged: Receipt[] = []
  let early = 0
  let statuses: number[] = []
  const send = async ({ path, headers, body }: Receipt) =>
    void statuses.push((await fetch(fleet.url() + path, { method: 'POST', headers, body })).status)

  fleet.vendors.beforeAnswer(async (taken, address, key) => {
    if (!addresses.has(address)) return
    const all = receiptsOf(taken, key, fleet.url(), resendSecret)
    forged.push(...receiptsOf(taken, key, `${fleet.url()}/elsewhere`, forgedSecret))
    const [first, ...others] = random.shuffled(all)
    const isEarly = first !== undefined && random.next() < 0.3
    // Each receipt arrives again, as vendors may repeat it. All are listed before the first wait.
    late.push(...(isEarly ? others : [first, ...others].filter((one) => one !== undefined)), ...all)
    if (!isEarly) return
    early++
    await send(first)
  })
  await load(posted, 50)
  const taken = () => [...addresses].every((address) => fleet.vendors.taken(address).length > 0)
  await eventually(deliveredWithinMs, async () => taken())
  await wait(200)
  fleet.vendors.beforeAnswer(null)
  await inTurns(random.shuffled(late), send)
  const accepted = statuses
  statuses = []
  await inTurns(forged, send)

  const { db } = fleet.database
  const undelivered = async () => {
    const { rowCount } = await db.query(
      `select from notifications n join events e on e.id = n.event_id
       where starts_with(e.source_id, 'receipts-') and n.state <> 'delivered'`,
    )
    return rowCount ?? 0
  }
  const counted = async () => {
    const { rows } = await db.query<{ kept: number; bad: number }>(
      `select count(*)::int as kept, count(*) filter (where r.kind in ('undelivered', 'not-sent'))::int as bad
       from receipts r join notifications n on n.id = r.notification_id join events e on e.id = n.event_id
       where starts_with(e.source_id, 'receipts-')`,
    )
    return rows[0] ?? { kept: 0, bad: 0 }
  }
  const expected = addresses.size * kindsEach
  // A receipt that precedes its call's answer is parked until a sweep matches it, perhaps after the delivery.
  await eventually(deliveredWithinMs, async () => (await undelivered()) === 0 && (await counted()).kept >= expected)
  const kept = await counted()
  const missing = await undelivered()
  const notTaken = accepted.filter((status) => status !== 200).length
  // After many refusals from one address the next ones are 429.
  const believed = statuses.filter((status) => status !== 401 && status !== 429).length
  return {
    faults: `${accepted.length} receipts shuffled, ${early} before the answer, ${kept.kept} counted; ${forged.length} forged, ${believed} accepted`,
    broken: [
      ...(missing === 0 ? [] : [`${missing} messages are not shown as delivered`]),
      ...(kept.kept === expected ? [] : [`${expected} different receipts arrived, ${kept.kept} counted`]),
      ...(notTaken === 0 ? [] : [`${notTaken} receipts were refused`]),
      ...(believed === 0 && kept.bad === 0 ? [] : [`${believed} forged receipts were accepted`]),
    ],
  }
}

async function inTurns(list: Receipt[], send: (receipt: Receipt) => Promise<void>): Promise<void> {
  const waiting = list.values()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const receipt of waiting) await send(receipt)
    }),
  )
}

const kindsEach = 3

/** A vendor's receipts of a message. They are forged where the secret, or the URL that Twilio signs, is wrong. */
function receiptsOf({ vendor, ref }: Taken, key: string, url: string, secret: string): Receipt[] {
  const good = secret === resendSecret
  if (vendor === 'resend') {
    const kinds = good ? ['email.sent', 'email.delivered', 'email.opened'] : ['email.bounced']
    return kinds.map((type) => resend(type, ref, key, secret))
  }
  if (vendor !== 'twilio') return []
  const kinds = good ? ['queued', 'sent', 'delivered'] : ['undelivered']
  return kinds.map((status) => twilioReceipt(status, ref, url))
}

function resend(type: string, ref: string, key: string, secret: string): Receipt {
  const at = systemClock.now()
  const id = `msg_${type}_${ref}`
  const data = { email_id: ref, tags: { notification_id: key }, bounce: { type: 'Permanent', message: 'forged' } }
  const body = JSON.stringify({ type, created_at: at.toISOString(), data })
  const headers = {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': new Webhook(secret).sign(id, at, body),
  }
  return { path: '/receipts/resend', headers, body }
}

/** Twilio's signed report of a message's status; `url` is the base of the URL that it signs. */
export function twilioReceipt(status: string, ref: string, url: string): Receipt {
  const path = '/receipts/twilio'
  const params = { MessageSid: ref, MessageStatus: status }
  const signature = webhooks.getExpectedTwilioSignature(settings.TWILIO_AUTH_TOKEN, url + path, params)
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }
  return { path, headers, body: new URLSearchParams(params).toString() }
}
