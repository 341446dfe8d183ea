// A signed Stripe webhook of a payment, for the demo.
import Stripe from 'stripe'
import type { Demo } from '../source.ts'

const secret = 'whsec_of_this_demo'

export const demo: Demo = {
  env: { STRIPE_WEBHOOK_SECRET: secret },
  webhook(now) {
    const created = Math.floor(now.getTime() / 1000)
    const body = JSON.stringify(payment(now.getTime().toString(36), created))
    const signature = new Stripe('sk_of_this_demo').webhooks.generateTestHeaderString({
      payload: body,
      secret,
      timestamp: created,
    })
    return { title: 'Stripe: a payment succeeded', headers: { 'stripe-signature': signature }, body }
  },
}

function payment(run: string, created: number): object {
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
