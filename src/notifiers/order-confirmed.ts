// order.confirmed: the order will be fulfilled. Email and SMS with the expected day.
import { createElement } from 'react'
import { z } from 'zod'
import OrderConfirmed from '../../emails/order-confirmed.tsx'
import { date, money, number, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-confirmed',
  on: ['order.confirmed'],
  category: 'transactional',
  data: z.looseObject({
    orderNumber: number,
    total: money.nullish(),
    estimatedDelivery: date.nullish(),
    orderUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      total: { amount: 7885, currency: 'gbp' },
      estimatedDelivery: '2026-11-24',
      orderUrl: 'https://shop.example.com/orders/ORD-1001',
    },
  },
  words: ({ orderNumber, total, estimatedDelivery, orderUrl }, to) => ({
    orderNumber,
    total: total && to.money(total),
    expected: estimatedDelivery && to.date(estimatedDelivery),
    orderUrl,
  }),
  email: ({ orderNumber, total, estimatedDelivery, orderUrl }, frame, to) =>
    createElement(OrderConfirmed, {
      frame,
      orderNumber,
      total: total && to.money(total),
      expected: estimatedDelivery && to.date(estimatedDelivery),
      orderUrl,
    }),
  sms: true,
})
