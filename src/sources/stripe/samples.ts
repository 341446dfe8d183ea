// Sample events as Stripe sends them, of API version 2026-10-28.endive; each has the fields that are read.
import type { Sample, SampleOf } from '../kit/sample.ts'
import { operatorSamples } from './operator-samples.ts'
import { day, event, seconds } from './sample-event.ts'
import { subscriptionSamples } from './subscription-samples.ts'

export const samples = {
  'payment_intent.succeeded': event('payment_intent.succeeded', (about) => ({
    ...intent(about),
    amount_received: 7885,
    status: 'succeeded',
  })),
  'payment_intent.payment_failed': event('payment_intent.payment_failed', (about) => ({
    ...intent(about),
    amount_received: 0,
    status: 'requires_payment_method',
    last_payment_error: {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
      charge: `ch_sample_${about.run}`,
      payment_method: {
        id: `pm_sample_${about.run}`,
        type: 'card',
        billing_details: { email: about.email, name: 'Ada Lovelace', phone: about.phone },
        card: { brand: 'visa', last4: '9995' },
      },
    },
  })),
  'checkout.session.completed': event('checkout.session.completed', session('paid')),
  'checkout.session.async_payment_succeeded': event('checkout.session.async_payment_succeeded', session('paid')),
  'checkout.session.async_payment_failed': event('checkout.session.async_payment_failed', session('unpaid')),
  'invoice.paid': event('invoice.paid', (about) => ({ ...invoice(about), amount_paid: 7885, amount_remaining: 0 })),
  'invoice.payment_failed': event('invoice.payment_failed', (about) => ({
    ...invoice(about),
    amount_paid: 0,
    amount_remaining: 7885,
    next_payment_attempt: seconds(about) + 3 * day,
  })),
  'invoice.upcoming': event('invoice.upcoming', (about) => ({
    ...invoice(about),
    id: undefined,
    collection_method: 'charge_automatically',
    hosted_invoice_url: null,
    amount_paid: 0,
    period_end: seconds(about) + 7 * day,
    next_payment_attempt: seconds(about) + 7 * day,
  })),
  'charge.refunded': event('charge.refunded', (about) => ({
    id: `ch_sample_${about.run}`,
    object: 'charge',
    amount: 7885,
    amount_refunded: 7885,
    currency: 'gbp',
    created: seconds(about),
    customer: about.customer,
    billing_details: { email: about.email, name: 'Ada Lovelace', phone: about.phone },
    metadata: { order_number: 'ORD-1001' },
    payment_intent: `pi_sample_${about.run}`,
    receipt_email: about.email,
    refunded: true,
  })),
  ...operatorSamples,
  ...subscriptionSamples,
  'invoice_payment.paid': event('invoice_payment.paid', (about) => ({
    id: `inpay_sample_${about.run}`,
    object: 'invoice_payment',
    amount_paid: 7885,
    amount_requested: 7885,
    created: seconds(about),
    currency: 'gbp',
    invoice: `in_sample_${about.run}`,
    is_default: true,
    payment: { type: 'payment_intent', payment_intent: `pi_sample_${about.run}` },
    status: 'paid',
    status_transitions: { canceled_at: null, paid_at: seconds(about) },
  })),
} satisfies Record<string, Sample>

function session(paymentStatus: string) {
  return (about: SampleOf) => ({
    id: `cs_sample_${about.run}`,
    object: 'checkout.session',
    amount_total: 7885,
    client_reference_id: 'ORD-1001',
    currency: 'gbp',
    customer: about.customer,
    customer_details: { email: about.email, name: 'Ada Lovelace', phone: about.phone },
    metadata: {},
    mode: 'payment',
    payment_intent: `pi_sample_${about.run}`,
    payment_status: paymentStatus,
    status: 'complete',
  })
}

function intent(about: SampleOf) {
  return {
    id: `pi_sample_${about.run}`,
    object: 'payment_intent',
    amount: 7885,
    currency: 'gbp',
    created: seconds(about),
    customer: about.customer,
    receipt_email: about.email,
    shipping: { name: 'Ada Lovelace', phone: about.phone },
    metadata: { order_number: 'ORD-1001' },
  }
}

function invoice(about: SampleOf) {
  return {
    id: `in_sample_${about.run}`,
    object: 'invoice',
    amount_due: 7885,
    attempt_count: 1,
    currency: 'gbp',
    customer: about.customer,
    customer_email: about.email,
    customer_name: 'Ada Lovelace',
    customer_phone: about.phone,
    hosted_invoice_url: 'https://invoice.stripe.com/i/sample',
    metadata: {},
    parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_sample' } },
    total: 7885,
  }
}
