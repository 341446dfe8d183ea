// payment.received: the payment has arrived. Email and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import PaymentReceived from '../../emails/payment-received.tsx'
import { date, money, name, number, url } from './_data.ts'
import { methodFor } from './_method.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'payment-received',
  on: ['payment.received'],
  category: 'transactional',
  data: z.looseObject({
    amount: money,
    paymentId: name.nullish(),
    orderNumber: number.nullish(),
    method: name.nullish(),
    paidAt: date.nullish(),
    receiptUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      amount: { amount: 7885, currency: 'gbp' },
      paymentId: 'pi_3QK9dD2eZvKYlo2C1',
      orderNumber: 'ORD-1001',
      method: 'Visa •••• 4242',
      paidAt: '2026-11-21T10:00:00Z',
      receiptUrl: 'https://shop.example.com/receipts/ORD-1001',
    },
  },
  words: ({ amount, orderNumber, paidAt }, to) => ({
    amount: to.money(amount),
    orderNumber,
    paidAt: paidAt && to.dateTime(paidAt),
  }),
  email: ({ amount, paymentId, orderNumber, method, paidAt, receiptUrl }, frame, to) =>
    createElement(PaymentReceived, {
      frame,
      amount: to.money(amount),
      orderNumber,
      method: method && methodFor(method, frame.t),
      paidAt: paidAt && to.dateTime(paidAt),
      paymentId,
      receiptUrl,
    }),
  sms: true,
})
