// The demo's webhooks, each with its sender's signature.
import { Webhook as StandardWebhook } from 'standardwebhooks'
import orderConfirmation from '../notifiers/order-confirmation.ts'
import orderShipped from '../notifiers/order-shipped.ts'
import paymentFailed from '../notifiers/payment-failed.ts'
import { vendorSources } from '../sources/index.ts'

export interface Webhook {
  title: string
  path: string
  headers: Record<string, string>
  body: string
  expected: number
}

const json = { 'content-type': 'application/json' }

export function demoWebhooks(appSecret: string, now: Date): Webhook[] {
  const run = now.getTime().toString(36)
  const signed = (id: string, event: object) => fromApp({ secret: appSecret, id, now }, event)
  const order = signed(`demo-${run}-1`, orderConfirmation.sample)
  return [
    ...fromVendors(now),
    { title: 'Your shop: an order was placed', ...order, expected: 200 },
    { title: 'Your shop again: it missed our answer', ...order, expected: 200 },
    {
      title: 'Your shop: the order was shipped',
      ...signed(`demo-${run}-2`, orderShipped.sample),
      expected: 200,
    },
    {
      title: 'Your shop: a payment failed, no phone known',
      ...signed(`demo-${run}-3`, {
        ...paymentFailed.sample,
        recipient: { ...paymentFailed.sample.recipient, phone: undefined },
      }),
      expected: 200,
    },
    { title: 'Someone: a forged webhook', ...order, body: order.body.replace('Ada', 'Eve'), expected: 401 },
  ]
}

function fromVendors(now: Date): Webhook[] {
  return vendorSources.flatMap(({ name, demo }) => {
    if (!demo) return []
    const { title, headers, body } = demo.webhook(now)
    return [{ title, path: `/webhooks/${name}`, headers: { ...json, ...headers }, body, expected: 200 }]
  })
}

function fromApp({ secret, id, now }: { secret: string; id: string; now: Date }, event: object) {
  const body = JSON.stringify(event)
  return {
    path: '/webhooks/apps/demo',
    body,
    headers: {
      ...json,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new StandardWebhook(secret).sign(id, now, body),
    },
  }
}
