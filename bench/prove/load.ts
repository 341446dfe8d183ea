// The sender: posts signed webhooks, each for one person and one order, repeats each under the same id until it is acknowledged,
// and counts the answers.
import { setTimeout as wait } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { systemClock } from '../../src/clock.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import { appSecret } from '../sender.ts'
import type { Witness } from './witness.ts'

export interface Posted {
  id: string
  email: string
  phone: string
  body: string
}

/** The answers that the sender got. Any answer other than 200 or 503 breaks a guarantee. */
export interface SenderLog {
  posted: Posted[]
  acknowledged: Set<string>
  refused: number
  unanswered: number
  otherwise: string[]
}

export function emptySenderLog(): SenderLog {
  return { posted: [], acknowledged: new Set(), refused: 0, unanswered: 0, otherwise: [] }
}

let people = 0

/** Events whose ids begin with the scenario's name. */
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
  /** The URL for the next webhook. */
  url(): string
  perSecond: number
  witness: Witness
}

const againAfterMs = 300
const giveUpAfterMs = 60_000

/** Posts the events in order at this rate; resolves when each was acknowledged, or given up after a minute. */
export async function post(
  sender: SenderLog,
  events: Posted[],
  { url, perSecond, witness }: LoadOptions,
): Promise<void> {
  const began = performance.now()
  await Promise.all(
    events.map(async (event, i) => {
      await wait(Math.max(0, (i / perSecond) * 1000 - (performance.now() - began)))
      sender.posted.push(event)
      const until = performance.now() + giveUpAfterMs
      while (performance.now() < until && !(await postOnce(sender, event, url()))) await wait(againAfterMs)
      if (sender.acknowledged.has(event.id)) witness.acknowledged(event.id)
    }),
  )
}

async function postOnce(sender: SenderLog, { id, body }: Posted, url: string): Promise<boolean> {
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
    sender.unanswered++
    return false
  }
  if (status === 200) sender.acknowledged.add(id)
  else if (status === 503) sender.refused++
  else sender.otherwise.push(`${id} was answered ${status}`)
  return status === 200
}
