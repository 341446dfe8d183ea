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
  'refund.processed': event('refund.processed', (about) => ({
    refund: {
      id: `rfnd_sample_${about.run}`,
      entity: 'refund',
      amount: 499_900,
      currency: 'INR',
      payment_id: `pay_sample_${about.run}`,
      notes: [],
      created_at: seconds(about),
      status: 'processed',
      speed_processed: 'normal',
    },
    payment: { ...payment(about), status: 'refunded', captured: true },
  })),
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
