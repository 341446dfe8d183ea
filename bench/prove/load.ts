// The app that sends: signed webhooks, one person and one order each, sent again under the same id until they are
// acknowledged, as the contract tells senders to. It counts what it was told.
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { systemClock } from '../../src/clock.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import { appSecret } from '../sender.ts'

export interface Posted {
  id: string
  email: string
  phone: string
  body: string
}

/** What the sender saw. Any other answer than 200 and 503 breaks a promise. */
export interface Told {
  posted: Posted[]
  acknowledged: Set<string>
  refused: number
  unanswered: number
  otherwise: string[]
}

export function nothingTold(): Told {
  return { posted: [], acknowledged: new Set(), refused: 0, unanswered: 0, otherwise: [] }
}

let people = 0

/** Events of a scenario: their ids begin with its name. */
export function eventsOf(scenario: string, count: number): Posted[] {
  return Array.from({ length: count }, (_, i) => {
    people++
    const id = `${scenario}-${i}`
    const email = `${id}@customers.example`
    const phone = `+1415${String(2_000_000 + people).padStart(7, '0')}`
    const recipient = { id, email, phone, name: 'Grace Hopper' }
    return { id, email, phone, body: JSON.stringify({ ...orderShipped.sample, recipient, reference: id }) }
  })
}

export interface LoadOptions {
  /** Where to send the next one. */
  url(): string
  perSecond: number
}

const againAfterMs = 300
const giveUpAfterMs = 60_000

/** Posts them in their order at this pace; resolves when each was acknowledged, or given up after a minute. */
export async function post(told: Told, events: Posted[], { url, perSecond }: LoadOptions): Promise<void> {
  const began = performance.now()
  await Promise.all(
    events.map(async (event, i) => {
      await wait(Math.max(0, (i / perSecond) * 1000 - (performance.now() - began)))
      told.posted.push(event)
      const until = performance.now() + giveUpAfterMs
      while (performance.now() < until && !(await postOnce(told, event, url()))) await wait(againAfterMs)
    }),
  )
}

async function postOnce(told: Told, { id, body }: Posted, url: string): Promise<boolean> {
  const at = systemClock.now()
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(appSecret).sign(id, at, body),
  }
  let status: number
  try {
    const answer = await fetch(`${url}/webhooks/apps/bench`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    })
    status = answer.status
    await answer.text()
  } catch {
    told.unanswered++
    return false
  }
  if (status === 200) told.acknowledged.add(id)
  else if (status === 503) told.refused++
  else told.otherwise.push(`${id} was answered ${status}`)
  return status === 200
}
