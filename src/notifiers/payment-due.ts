// payment.pending: a payment was started but not completed. One email after two days, and a timer that emits
// payment.timed_out after three; a received payment or a cancelled order stops both.
import { createElement } from 'react'
import { z } from 'zod'
import PaymentDue from '../../emails/payment-due.tsx'
import { money, number, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

const dayMs = 24 * 60 * 60_000
const remindsAfterMs = 2 * dayMs
/** How long a payment may take to complete. */
const graceMs = 3 * dayMs

const stoppedBy = ['payment.received', 'order.cancelled']

const after = (moment: Date, ms: number) => new Date(moment.getTime() + ms)

export default defineNotifier({
  name: 'payment-due',
  on: ['payment.pending'],
  category: 'transactional',
  when: (_, { receivedAt }) => after(receivedAt, remindsAfterMs),
  until: (_, { receivedAt }) => after(receivedAt, graceMs),
  stoppedBy,
  timer: { afterMs: graceMs, emits: 'payment.timed_out', stoppedBy },
  data: z.looseObject({ amount: money, orderNumber: number.nullish(), payUrl: url.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      amount: { amount: 7885, currency: 'gbp' },
      orderNumber: 'ORD-1001',
      payUrl: 'https://shop.example.com/pay/ORD-1001',
    },
  },
  words: ({ amount, orderNumber, payUrl }, to) => ({ amount: to.money(amount), orderNumber, payUrl }),
  email: ({ amount, orderNumber, payUrl }, frame, to) =>
    createElement(PaymentDue, { frame, amount: to.money(amount), orderNumber, payUrl }),
})
