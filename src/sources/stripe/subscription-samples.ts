// Sample events of subscriptions as Stripe sends them. A webhook has only the customer's id; a sample has the customer expanded,
// so that it needs no STRIPE_API_KEY.
import type { Sample, SampleOf } from '../kit/sample.ts'
import { day, event, seconds } from './sample-event.ts'

export const subscriptionSamples = {
  'customer.subscription.trial_will_end': event('customer.subscription.trial_will_end', (about) => ({
    ...subscription(about, 3),
    status: 'trialing',
    trial_start: seconds(about) - 11 * day,
    trial_end: seconds(about) + 3 * day,
  })),
  'customer.subscription.updated': event('customer.subscription.updated', (about) => ({
    ...subscription(about, 12),
    cancel_at: seconds(about) + 12 * day,
    cancel_at_period_end: true,
    canceled_at: seconds(about),
    cancellation_details: { comment: null, feedback: null, reason: 'cancellation_requested' },
  })),
  'customer.subscription.paused': event('customer.subscription.paused', (about) => ({
    ...subscription(about, 30),
    status: 'paused',
  })),
  'customer.subscription.resumed': event('customer.subscription.resumed', (about) => ({
    ...subscription(about, 30),
    status: 'active',
  })),
  'customer.subscription.deleted': event('customer.subscription.deleted', (about) => ({
    ...subscription(about, 0),
    canceled_at: seconds(about),
    cancellation_details: { comment: null, feedback: null, reason: 'cancellation_requested' },
    ended_at: seconds(about),
    status: 'canceled',
  })),
} satisfies Record<string, Sample>

function subscription(about: SampleOf, endsInDays: number) {
  const price = {
    id: 'price_sample',
    object: 'price',
    currency: 'gbp',
    product: 'prod_sample',
    recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
    unit_amount: 1200,
  }
  const item = {
    id: `si_sample_${about.run}`,
    object: 'subscription_item',
    current_period_end: seconds(about) + endsInDays * day,
    price,
    quantity: 1,
    subscription: `sub_sample_${about.run}`,
  }
  return {
    id: `sub_sample_${about.run}`,
    object: 'subscription',
    cancel_at: null,
    cancel_at_period_end: false,
    collection_method: 'charge_automatically',
    currency: 'gbp',
    customer: {
      id: about.customer,
      object: 'customer',
      email: about.email,
      name: 'Ada Lovelace',
      phone: about.phone,
      invoice_settings: { default_payment_method: 'pm_sample' },
    },
    default_payment_method: null,
    description: 'Studio Plus',
    items: { object: 'list', data: [item], has_more: false },
    metadata: {},
    status: 'active',
  }
}
