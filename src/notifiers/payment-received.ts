// payment.received, from an app, Stripe or Razorpay: the money has arrived. Email and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import PaymentReceived from '../../emails/payment-received.tsx'
import { gsmMoney } from '../money.ts'
import { date, money, name, number, url } from './_data.ts'
import { frameFor } from './_frame.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

const forOrder = (orderNumber: string | null | undefined) => (orderNumber ? ` for order ${orderNumber}` : '')

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
      method: 'Visa ending 4242',
      paidAt: '2026-11-21T10:00:00Z',
      receiptUrl: 'https://shop.example.com/receipts/ORD-1001',
    },
  },
  email: ({ amount, paymentId, orderNumber, method, paidAt, receiptUrl }, to) => ({
    subject: `We have your payment of ${to.money(amount)}${forOrder(orderNumber)}`,
    element: createElement(PaymentReceived, {
      frame: frameFor(to),
      amount: to.money(amount),
      orderNumber,
      method,
      paidAt: paidAt && to.dateTime(paidAt),
      paymentId,
      receiptUrl,
    }),
  }),
  sms: ({ amount, orderNumber }, to) =>
    `We have your payment of ${gsmMoney(amount, to.locale)}${forOrder(orderNumber)}. Thank you.`,
})
