// order.delivered: it has arrived. Email with a way to review it, and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import OrderDelivered from '../../emails/order-delivered.tsx'
import { date, number, url } from './_data.ts'
import { frameFor } from './_frame.ts'
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
  email: ({ orderNumber, deliveredAt, reviewUrl }, to) => ({
    subject: `Order ${orderNumber} has arrived`,
    element: createElement(OrderDelivered, {
      frame: frameFor(to),
      orderNumber,
      deliveredAt: deliveredAt && to.dateTime(deliveredAt),
      reviewUrl,
    }),
  }),
  sms: ({ orderNumber }) => `Order ${orderNumber} has been delivered.`,
})
