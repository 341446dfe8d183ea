// Sample events as Razorpay sends them; amounts are in paise.
import type { Sample, SampleOf } from '../kit/sample.ts'

export const samples: Record<string, Sample> = {
  'payment.captured': event('payment.captured', (about) => ({
    payment: { ...payment(about), status: 'captured', captured: true },
  })),
  'payment.failed': event('payment.failed', (about) => ({
    payment: {
      ...payment(about),
      status: 'failed',
      captured: false,
      error_code: 'BAD_REQUEST_ERROR',
      error_description: 'Your payment could not be completed due to insufficient account balance.',
      error_source: 'customer',
      error_step: 'payment_authorization',
      error_reason: 'insufficient_funds',
    },
  })),
  'refund.processed': event('refund.processed', (about) => refunded(about, 'processed')),
  'refund.failed': event('refund.failed', (about) => refunded(about, 'failed')),
  'payment.dispute.created': event('payment.dispute.created', (about) => disputed(about, 'open')),
  'payment.dispute.under_review': event('payment.dispute.under_review', (about) => disputed(about, 'under_review')),
  'payment.dispute.action_required': event('payment.dispute.action_required', (about) => disputed(about, 'open')),
  'payment.dispute.won': event('payment.dispute.won', (about) => disputed(about, 'won')),
  'payment.dispute.lost': event('payment.dispute.lost', (about) => disputed(about, 'lost')),
  'payment.dispute.closed': event('payment.dispute.closed', (about) => disputed(about, 'closed')),
}

function event(type: string, entities: (about: SampleOf) => object): Sample {
  return (about) => {
    const payload = Object.entries(entities(about)).map(([name, entity]) => [name, { entity }] as const)
    return {
      entity: 'event',
      account_id: 'acc_sample',
      event: type,
      contains: payload.map(([name]) => name),
      payload: Object.fromEntries(payload),
      created_at: seconds(about),
    }
  }
}

function refunded(about: SampleOf, status: string) {
  return {
    refund: {
      id: `rfnd_sample_${about.run}`,
      entity: 'refund',
      amount: 499_900,
      currency: 'INR',
      payment_id: `pay_sample_${about.run}`,
      notes: [],
      created_at: seconds(about),
      status,
      speed_requested: 'normal',
      speed_processed: 'normal',
    },
    payment: { ...payment(about), status: status === 'failed' ? 'captured' : 'refunded', captured: true },
  }
}

function disputed(about: SampleOf, status: string) {
  return {
    payment: { ...payment(about), status: 'captured', captured: true },
    dispute: {
      id: `disp_sample_${about.run}`,
      entity: 'dispute',
      payment_id: `pay_sample_${about.run}`,
      amount: 499_900,
      currency: 'INR',
      amount_deducted: status === 'lost' ? 499_900 : 0,
      reason_code: 'goods_or_services_not_received_or_partially_received',
      respond_by: seconds(about) + 7 * 86_400,
      status,
      phase: 'chargeback',
      created_at: seconds(about),
    },
  }
}

function payment(about: SampleOf) {
  return {
    id: `pay_sample_${about.run}`,
    entity: 'payment',
    amount: 499_900,
    currency: 'INR',
    order_id: `order_sample_${about.run}`,
    method: 'upi',
    vpa: 'ada@upi',
    email: about.email,
    contact: about.phone,
    notes: { order_number: 'ORD-1001' },
    created_at: seconds(about),
  }
}

function seconds({ nowMs }: SampleOf): number {
  return Math.floor(nowMs / 1000)
}
