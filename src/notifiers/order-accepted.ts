// order.accepted: the seller has accepted the order. Email.
import { createElement } from 'react'
import { z } from 'zod'
import OrderAccepted from '../../emails/order-accepted.tsx'
import { name, number, url } from './_data.ts'
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
  words: ({ orderNumber, seller }, to) => ({ orderNumber, seller: seller ?? to.brand.name }),
  email: ({ orderNumber, seller, orderUrl }, frame) =>
    createElement(OrderAccepted, { frame, orderNumber, seller, orderUrl }),
})
