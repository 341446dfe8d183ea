// operator.alert, and payment events for merchants only (a dispute, a failed payout or refund): what happened, what it means,
// what to
// do and by when. Email to the operator.
import { createElement } from 'react'
import { z } from 'zod'
import type { Translate } from '../../emails/_parts/words.ts'
import OperatorAlert from '../../emails/operator-alert.tsx'
import { date, money, name, sentence } from './_data.ts'
import { ada } from './_sample.ts'
import { defineNotifier } from './notifier.ts'

/** A code as text: `product_not_received` becomes `Product not received`. Other texts stay as they are. */
function readable(text: string): string {
  if (!/^[a-z0-9]+([_.-][a-z0-9]+)*$/.test(text)) return text
  const words = text.replace(/[_.-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The vendor's code in the operator's language, as far as it is known. */
function reasonFor(reason: string, t: Translate): string {
  const key = `reason.${reason.trim().toLowerCase()}`
  return t.has(key) ? t.text(key) : readable(reason)
}

export default defineNotifier({
  name: 'operator-alert',
  on: ['operator.alert'],
  category: 'transactional',
  audience: 'operator',
  data: z.looseObject({
    alert: name,
    amount: money.nullish(),
    reason: sentence.nullish(),
    objectId: name.nullish(),
    respondBy: date.nullish(),
    account: name.nullish(),
    /** Whether the payment can still be refunded, which also ends an inquiry. */
    isRefundable: z.boolean().nullish(),
    message: sentence.nullish(),
    /** Whether the disputed money has been taken from the balance. */
    isTaken: z.boolean().nullish(),
  }),
  sample: {
    recipient: ada,
    reference: 'ORD-1001',
    data: {
      alert: 'dispute_created',
      amount: { amount: 7885, currency: 'gbp' },
      reason: 'product_not_received',
      objectId: 'dp_1QK9dD2eZvKYlo2C',
      respondBy: '2026-12-05T23:59:59Z',
      account: 'acct_1QK9cB2eZvKYlo2C',
    },
  },
  words: ({ alert, amount, respondBy, account, isRefundable, message, isTaken }, to) => ({
    alert,
    title: readable(alert),
    amount: amount && to.money(amount),
    respondBy: respondBy && !to.isOver(respondBy) ? to.date(respondBy) : null,
    wasDue: respondBy && to.isOver(respondBy) ? to.date(respondBy) : null,
    account,
    refundable: isRefundable === false ? 'no' : 'yes',
    message,
    taken: isTaken ? 'yes' : 'no',
  }),
  email: ({ amount, reason, objectId, respondBy, account }, frame, to) =>
    createElement(OperatorAlert, {
      frame,
      amount: amount && to.money(amount),
      reason: reason && reasonFor(reason, frame.t),
      respondBy: respondBy && to.dateTime(respondBy),
      isOver: respondBy ? to.isOver(respondBy) : false,
      objectId,
      account,
    }),
})
