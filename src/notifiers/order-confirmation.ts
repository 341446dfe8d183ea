// order.created: confirms the order. Email with items and totals, SMS with the total.
import { createElement } from 'react'
import { z } from 'zod'
import OrderConfirmation from '../../emails/order-confirmation.tsx'
import { money, name, number, signedMoney, url } from './_data.ts'
import { itemsShown, totalsShown } from './_order-totals.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

const item = z.looseObject({
  name,
  quantity: z.int().min(1).max(1_000_000),
  unitPrice: signedMoney,
  imageUrl: url.nullish(),
})

export default defineNotifier({
  name: 'order-confirmation',
  on: ['order.created'],
  category: 'transactional',
  data: z.looseObject({
    orderNumber: number,
    items: z.array(item).min(1).max(1000),
    total: money,
    subtotal: money.nullish(),
    discount: signedMoney.nullish(),
    shipping: money.nullish(),
    tax: money.nullish(),
    orderUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      orderNumber: 'ORD-1001',
      items: [
        { name: 'Beech bread board, large', quantity: 1, unitPrice: { amount: 3800, currency: 'gbp' } },
        { name: 'Linen tea towels, set of three', quantity: 2, unitPrice: { amount: 1450, currency: 'gbp' } },
        { name: 'Board oil, 250 ml', quantity: 1, unitPrice: { amount: 1190, currency: 'gbp' } },
      ],
      subtotal: { amount: 7890, currency: 'gbp' },
      discount: { amount: 500, currency: 'gbp' },
      shipping: { amount: 495, currency: 'gbp' },
      tax: { amount: 1314, currency: 'gbp' },
      total: { amount: 7885, currency: 'gbp' },
      orderUrl: 'https://shop.example.com/orders/ORD-1001',
    },
  },
  words: (order, to) => ({
    orderNumber: order.orderNumber,
    count: order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    total: to.money(order.total),
  }),
  email: (order, frame, to) =>
    createElement(OrderConfirmation, {
      frame,
      orderUrl: order.orderUrl,
      ...itemsShown(order, to, frame.t),
      ...totalsShown(order, to, frame.t),
    }),
  sms: true,
})
