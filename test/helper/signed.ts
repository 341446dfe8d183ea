// Webhooks as their senders make them, with signatures computed by Stripe's package, by the Standard Webhooks library and by
// Razorpay's scheme. Timestamps are Unix seconds.
import { createHmac, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { systemClock } from '../../src/clock.ts'

export interface SignedWebhook {
  payload: Buffer
  headers: Record<string, string>
}

interface StripeSigning {
  secret: string
  timestamp?: number
}

/** An event, or its bytes, as Stripe posts it. */
export function signedStripe(event: unknown, { secret, timestamp = nowSeconds() }: StripeSigning): SignedWebhook {
  const payload = bytesOf(event)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: payload.toString(), secret, timestamp })
  return { payload, headers: { 'content-type': 'application/json', 'stripe-signature': signature } }
}

interface AppSigning {
  /** One secret, or several during a rotation: then each signs. */
  secret: string | string[]
  id?: string
  timestamp?: number
  style?: 'webhook' | 'svix'
}

/** A body as an internal backend posts it. */
export function signedApp(
  body: unknown,
  { secret, id = `msg_${randomUUID()}`, timestamp = nowSeconds(), style = 'webhook' }: AppSigning,
): SignedWebhook {
  const payload = bytesOf(body)
  const signatures = [secret].flat().map((one) => new Webhook(one).sign(id, new Date(timestamp * 1000), payload))
  return {
    payload,
    headers: {
      'content-type': 'application/json',
      [`${style}-id`]: id,
      [`${style}-timestamp`]: String(timestamp),
      [`${style}-signature`]: signatures.join(' '),
    },
  }
}

/** An event as Razorpay posts it. */
export function signedRazorpay(
  event: unknown,
  { secret, id = `evt_${randomUUID()}` }: { secret: string; id?: string },
): SignedWebhook {
  const payload = bytesOf(event)
  const signature = createHmac('sha256', secret).update(payload).digest('hex')
  return {
    payload,
    headers: {
      'content-type': 'application/json',
      'x-razorpay-event-id': id,
      'x-razorpay-signature': signature,
    },
  }
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

function nowSeconds(): number {
  return Math.floor(systemClock.now().getTime() / 1000)
}
