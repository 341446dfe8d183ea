// order.delivered: the order has arrived. Email with a link to review it, and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import OrderDelivered from '../../emails/order-delivered.tsx'
import { date, number, url } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-delivered',
  on: ['order.delivered'],
  category: 'transactional',
  data: z.looseObject({ orderNumber: number, deliveredAt: date.nullish(), reviewUrl: url.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      deliveredAt: '2026-11-24T14:05:00Z',
      reviewUrl: 'https://shop.example.com/orders/ORD-1001/review',
    },
  },
  words: ({ orderNumber, deliveredAt, reviewUrl }, to) => ({
    orderNumber,
    deliveredAt: deliveredAt && to.dateTime(deliveredAt),
    reviewUrl,
  }),
  email: ({ orderNumber, deliveredAt, reviewUrl }, frame, to) =>
    createElement(OrderDelivered, {
      frame,
      orderNumber,
      deliveredAt: deliveredAt && to.dateTime(deliveredAt),
      reviewUrl,
    }),
  sms: true,
})
