// payment.failed: the payment failed and no money was taken. Email and SMS with a link to pay.
import { createElement } from 'react'
import { z } from 'zod'
import type { Translate } from '../../emails/_parts/words.ts'
import PaymentFailed from '../../emails/payment-failed.tsx'
import { date, money, name, number, sentence, url } from './_data.ts'
import { declineReasonFor } from './_reason.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

/**
 * A decline code without a translation (`lost_card`, `fraudulent`) must not be shown, not even within a sentence: it would
 * reveal to a card thief what the bank knows. Payment vendors ask merchants not to show such codes.
 */
function declineFor(reason: string | null | undefined, t: Translate): string | null {
  const shown = declineReasonFor(reason, t)
  return shown && /stolen|lost|pick ?up/i.test(shown) ? null : shown
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
    /** Whether no further try follows by itself. */
    isLastTry: z.boolean().nullish(),
    nextTryAt: date.nullish(),
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
  words: ({ amount, orderNumber, isLastTry, nextTryAt, retryUrl }, to) => ({
    amount: to.money(amount),
    orderNumber,
    lastTry: isLastTry ? 'yes' : 'no',
    // A message that is written later, as after a replay, promises no try that has been.
    nextTryAt: nextTryAt && !to.isOver(nextTryAt) ? to.date(nextTryAt) : null,
    retryUrl,
  }),
  email: ({ amount, paymentId, orderNumber, reason, retryUrl }, frame, to) =>
    createElement(PaymentFailed, {
      frame,
      amount: to.money(amount),
      orderNumber,
      paymentId,
      reason: declineFor(reason, frame.t),
      retryUrl,
    }),
  sms: true,
})
