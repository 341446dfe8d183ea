// payment.timed_out: the payment was never completed and no longer can be. Email only. It says of the order no more
// than the event does: whether it is still held is for the shop to know.
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
