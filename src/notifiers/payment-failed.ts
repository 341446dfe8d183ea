// payment.failed, from an app or a payment vendor: no money was taken, and where to pay. Email and SMS.
import { createElement } from 'react'
import { z } from 'zod'
import type { Say } from '../../emails/_parts/words.ts'
import PaymentFailed from '../../emails/payment-failed.tsx'
import { money, name, number, sentence, url } from './_data.ts'
import { declineReasonFor } from './_reason.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

/**
 * A decline code that the words do not know (`lost_card`, `fraudulent`) is between the bank and us: repeated, even in a
 * sentence, it would tell whoever holds the card what the bank knows. Payment vendors ask not to show them.
 */
function declineFor(reason: string | null | undefined, say: Say): string | null {
  const told = declineReasonFor(reason, say)
  return told && /stolen|lost|pick ?up/i.test(told) ? null : told
}

export default defineNotifier({
  name: 'payment-failed',
  on: ['payment.failed'],
  category: 'transactional',
  stoppedBy: ['payment.received'],
  data: z.looseObject({
    amount: money,
    paymentId: name.nullish(),
    orderNumber: number.nullish(),
    reason: sentence.nullish(),
    retryUrl: url.nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      amount: { amount: 7885, currency: 'gbp' },
      paymentId: 'pi_3QK9dD2eZvKYlo2C1',
      orderNumber: 'ORD-1001',
      reason: 'expired_card',
      retryUrl: 'https://shop.example.com/pay/ORD-1001',
    },
  },
  words: ({ amount, orderNumber, retryUrl }, to) => ({ amount: to.money(amount), orderNumber, retryUrl }),
  email: ({ amount, paymentId, orderNumber, reason, retryUrl }, frame, to) =>
    createElement(PaymentFailed, {
      frame,
      amount: to.money(amount),
      orderNumber,
      paymentId,
      reason: declineFor(reason, frame.say),
      retryUrl,
    }),
  sms: true,
})
