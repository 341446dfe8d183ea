// order.cancelled: nothing comes of it, and what is given back. Email only.
import { createElement } from 'react'
import { z } from 'zod'
import OrderCancelled from '../../emails/order-cancelled.tsx'
import type { Money } from '../domain/money.ts'
import type { Formats } from '../i18n/formats.ts'
import { money, number, sentence } from './_data.ts'
import { reasonFor } from './_reason.ts'
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
  words: ({ orderNumber, refund }, to) => ({ orderNumber, refund: givenBack(refund, to) }),
  email: ({ orderNumber, reason, refund }, frame, to) =>
    createElement(OrderCancelled, {
      frame,
      orderNumber,
      refund: givenBack(refund, to),
      reason: reasonFor(reason, frame.say),
    }),
})

/** Some backends write that nothing is given back as a refund of zero. */
function givenBack(refund: Money | null | undefined, to: Formats): string | null {
  return refund && refund.amount > 0 ? to.money(refund) : null
}
