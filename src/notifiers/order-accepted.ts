// order.accepted: the seller takes the order. Email only.
import { createElement } from 'react'
import { z } from 'zod'
import OrderAccepted from '../../emails/order-accepted.tsx'
import { name, number, url } from './_data.ts'
import { frameFor } from './_frame.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-accepted',
  on: ['order.accepted'],
  category: 'transactional',
  data: z.looseObject({ orderNumber: number, seller: name.nullish(), orderUrl: url.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      seller: 'Fernwood Workshop',
      orderUrl: 'https://shop.example.com/orders/ORD-1001',
    },
  },
  email: ({ orderNumber, seller, orderUrl }, to) => ({
    subject: `Order ${orderNumber} is accepted`,
    element: createElement(OrderAccepted, { frame: frameFor(to), orderNumber, seller, orderUrl }),
  }),
})
