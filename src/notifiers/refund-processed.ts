// refund.processed: a refund was made or is on its way, with its amount and expected arrival. Email with the refund's timeline,
// and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import RefundProcessed from '../../emails/refund-processed.tsx'
import { date, money, name, number, sentence } from './_data.ts'
import { reasonFor } from './_reason.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

export default defineNotifier({
  name: 'refund-processed',
  on: ['refund.processed'],
  category: 'transactional',
  data: z.looseObject({
    amount: money,
    refundId: name.nullish(),
    orderNumber: number.nullish(),
    reason: sentence.nullish(),
    expectedBy: date.nullish(),
    /** It has been started, and is not with the customer's bank yet. */
    pending: z.boolean().nullish(),
    /** The customer may be asked for their bank details first. */
    needsAction: z.boolean().nullish(),
  }),
  sample: {
    timestamp: '2026-11-21T10:00:00Z',
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      amount: { amount: 2900, currency: 'gbp' },
      refundId: 're_3QK9dD2eZvKYlo2C1',
      orderNumber: 'ORD-1001',
      reason: 'requested_by_customer',
      expectedBy: '2026-11-28',
    },
  },
  words: ({ amount, orderNumber, expectedBy, pending, needsAction }, to) => ({
    pending: pending ? 'yes' : null,
    needsAction: needsAction ? 'yes' : null,
    amount: to.money(amount),
    orderNumber,
    expected: expectedBy && to.date(expectedBy),
  }),
  email: ({ amount, refundId, orderNumber, reason, expectedBy, pending }, frame, to) =>
    createElement(RefundProcessed, {
      frame,
      isPending: pending === true,
      amount: to.money(amount),
      orderNumber,
      reason: reasonFor(reason, frame.t),
      refundId,
      refundedOn: to.happenedAt && to.date(to.happenedAt),
      expected: expectedBy && to.date(expectedBy),
    }),
  sms: true,
})
