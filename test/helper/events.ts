// Complete events as senders post them; a test overrides the fields that it needs.
import orderConfirmation from '../../src/notifiers/order-confirmation.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'

const recipient = {
  id: 'cus_7',
  email: 'grace@example.org',
  phone: '+14155550177',
  name: 'Grace Hopper',
  locale: 'en-US',
  timezone: 'America/New_York',
}

export function shipped(more: object = {}): Record<string, unknown> {
  return { ...orderShipped.sample, recipient, reference: 'ORD-77', ...more }
}

export function ordered(more: object = {}): Record<string, unknown> {
  return { ...orderConfirmation.sample, recipient, ...more }
}

/** A Stripe event with an object, in the current API version. */
export function stripeEvent(type: string, object: object, more: object = {}): Record<string, unknown> {
  return {
    id: `evt_${crypto.randomUUID()}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: 1_795_000_000,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
    data: { object },
    ...more,
  }
}

export function paymentIntent(more: object = {}): Record<string, unknown> {
  return {
    id: `pi_${crypto.randomUUID().slice(0, 8)}`,
    object: 'payment_intent',
    amount: 4999,
    amount_received: 4999,
    currency: 'eur',
    customer: 'cus_7',
    receipt_email: 'grace@example.org',
    shipping: { name: 'Grace Hopper', phone: '+14155550177' },
    metadata: { order_number: 'ORD-77' },
    status: 'succeeded',
    ...more,
  }
}
