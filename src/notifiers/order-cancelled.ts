// order.cancelled: the order is cancelled, with its refund. Email.
import { createElement } from 'react'
import { z } from 'zod'
import OrderCancelled from '../../emails/order-cancelled.tsx'
import { money, number, sentence } from './_data.ts'
import { reasonFor } from './_reason.ts'
import { refundShown } from './_refund.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'order-cancelled',
  on: ['order.cancelled'],
  category: 'transactional',
  data: z.looseObject({ orderNumber: number, reason: sentence.nullish(), refund: money.nullish() }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: { orderNumber: 'ORD-1001', reason: 'out_of_stock', refund: { amount: 7885, currency: 'gbp' } },
  },
  words: ({ orderNumber, refund }, to) => ({ orderNumber, refund: refundShown(refund, to) }),
  email: ({ orderNumber, reason, refund }, frame, to) =>
    createElement(OrderCancelled, {
      frame,
      orderNumber,
      refund: refundShown(refund, to),
      reason: reasonFor(reason, frame.t),
    }),
})
