// payment.timed_out: the payment can no longer be completed. Email. It does not say whether the order is still held, which only
// the shop knows.
import { createElement } from 'react'
import { z } from 'zod'
import PaymentTimedOut from '../../emails/payment-timed-out.tsx'
import { money, number } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'payment-timed-out',
  on: ['payment.timed_out'],
  category: 'transactional',
  stoppedBy: ['payment.received'],
  data: z.looseObject({ amount: money, orderNumber: number.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: { amount: { amount: 7885, currency: 'gbp' }, orderNumber: 'ORD-1001' },
  },
  words: ({ amount, orderNumber }, to) => ({ amount: to.money(amount), orderNumber }),
  email: ({ amount, orderNumber }, frame, to) =>
    createElement(PaymentTimedOut, { frame, amount: to.money(amount), orderNumber }),
  callback: true,
})
