// subscription.cancelled: the subscription will not renew. Email. It also ends the reminders of the next payment.
import { createElement } from 'react'
import { z } from 'zod'
import SubscriptionCancelled from '../../emails/subscription-cancelled.tsx'
import { date, name, sentence } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

/** A code, such as `payment_failed`. One without a translation is not shown to customers. */
function isCode(reason: string): boolean {
  return /^\S*_\S*$/.test(reason.trim())
}

export default defineNotifier({
  name: 'subscription-cancelled',
  on: ['subscription.cancelled'],
  category: 'transactional',
  data: z.looseObject({ planName: name.nullish(), endedAt: date.nullish(), reason: sentence.nullish() }),
  sample: {
    recipient: ada,
    reference: 'SUB-501',
    data: { planName: 'Studio Plus', endedAt: '2026-11-21T10:00:00Z', reason: 'cancellation_requested' },
  },
  words: ({ planName, endedAt, reason }, to) => ({
    planName,
    endedAt: endedAt && to.date(endedAt),
    reason,
    sentence: reason && !isCode(reason) ? reason : null,
  }),
  email: ({ planName, endedAt }, frame, to) =>
    createElement(SubscriptionCancelled, {
      frame,
      planName,
      effective: endedAt && to.dateTime(endedAt),
      reason: frame.t.text('reason'),
    }),
})
