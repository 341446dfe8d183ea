// The webhooks of the demo: each signed the way its sender signs it. demo.ts sends them.
import { Webhook as StandardWebhook } from 'standardwebhooks'
import Stripe from 'stripe'
import orderConfirmation from '../notifiers/order-confirmation.ts'
import orderShipped from '../notifiers/order-shipped.ts'
import paymentFailed from '../notifiers/payment-failed.ts'

export interface Webhook {
  title: string
  path: string
  headers: Record<string, string>
  body: string
  expected: number
}

export interface Signing {
  stripeSecret: string
  appSecret: string
  nowMs: number
}

export function demoWebhooks(signing: Signing): Webhook[] {
  const run = Math.round(signing.nowMs).toString(36)
  const order = fromApp(signing, `demo-${run}-1`, orderConfirmation.sample)
  return [
    { title: 'Stripe: a payment succeeded', ...fromStripe(signing, payment(run, signing.nowMs)), expected: 200 },
    { title: 'Your shop: an order was placed', ...order, expected: 200 },
    { title: 'Your shop again: it missed our answer', ...order, expected: 200 },
    {
      title: 'Your shop: the order was shipped',
      ...fromApp(signing, `demo-${run}-2`, orderShipped.sample),
      expected: 200,
    },
    {
      title: 'Your shop: a payment failed, no phone known',
      ...fromApp(signing, `demo-${run}-3`, {
        ...paymentFailed.sample,
        recipient: { ...paymentFailed.sample.recipient, phone: undefined },
      }),
      expected: 200,
    },
    { title: 'Someone: a forged webhook', ...order, body: order.body.replace('Ada', 'Eve'), expected: 401 },
  ]
}

function fromApp({ appSecret, nowMs }: Signing, id: string, event: object) {
  const body = JSON.stringify(event)
  const at = new Date(nowMs)
  return {
    path: '/webhooks/apps/demo',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': new StandardWebhook(appSecret).sign(id, at, body),
    },
  }
}

function fromStripe({ stripeSecret, nowMs }: Signing, event: object) {
  const payload = JSON.stringify(event)
  const header = new Stripe('sk_of_this_demo').webhooks.generateTestHeaderString({
    payload,
    secret: stripeSecret,
    timestamp: Math.floor(nowMs / 1000),
  })
  return {
    path: '/webhooks/stripe',
    body: payload,
    headers: { 'content-type': 'application/json', 'stripe-signature': header },
  }
}

function payment(run: string, nowMs: number): object {
  const created = Math.floor(nowMs / 1000)
  return {
    id: `evt_demo_${run}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    api_version: '2026-10-28.endive',
    created,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: {
      object: {
        id: `pi_demo_${run}`,
        object: 'payment_intent',
        amount: 7885,
        amount_received: 7885,
        currency: 'gbp',
        created,
        customer: 'cus_demo',
        receipt_email: 'ada@example.com',
        shipping: { name: 'Ada Lovelace', phone: '+14155550123' },
        metadata: { order_number: 'ORD-1001' },
        status: 'succeeded',
      },
    },
  }
}
