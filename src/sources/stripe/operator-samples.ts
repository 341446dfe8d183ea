// Sample events as Stripe sends them for the merchant: disputes, failed payouts and failed refunds.
import type { Sample, SampleOf } from '../kit/sample.ts'
import { day, event, seconds } from './sample-event.ts'

export const operatorSamples = {
  'charge.dispute.created': event('charge.dispute.created', (about) => dispute(about, 'needs_response')),
  'charge.dispute.closed': event('charge.dispute.closed', (about) => dispute(about, 'lost')),
  'payout.failed': event('payout.failed', (about) => ({
    id: `po_sample_${about.run}`,
    object: 'payout',
    amount: 7885,
    arrival_date: seconds(about),
    currency: 'gbp',
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    metadata: {},
    status: 'failed',
  })),
  'refund.failed': event('refund.failed', failedRefund),
  'refund.updated': event('refund.updated', failedRefund),
  'charge.refund.updated': event('charge.refund.updated', failedRefund),
} satisfies Record<string, Sample>

function dispute(about: SampleOf, status: string) {
  return {
    id: `dp_sample_${about.run}`,
    object: 'dispute',
    amount: 7885,
    charge: `ch_sample_${about.run}`,
    created: seconds(about),
    currency: 'gbp',
    evidence_details: { due_by: seconds(about) + 7 * day, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    metadata: {},
    payment_intent: `pi_sample_${about.run}`,
    reason: 'product_not_received',
    status,
  }
}

function failedRefund(about: SampleOf) {
  return {
    id: `re_sample_${about.run}`,
    object: 'refund',
    amount: 7885,
    charge: `ch_sample_${about.run}`,
    created: seconds(about),
    currency: 'gbp',
    failure_balance_transaction: `txn_sample_${about.run}`,
    failure_reason: 'expired_or_canceled_card',
    metadata: { order_number: 'ORD-1001' },
    payment_intent: `pi_sample_${about.run}`,
    reason: 'requested_by_customer',
    status: 'failed',
  }
}
