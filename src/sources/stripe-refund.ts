// A refund, from the charge that it is of. A charge's event has the sum of all its refunds, and a person is told of each
// by itself. stripe.ts asks for each event of that type.
import { type RefundTold, refundFact } from '../refund.ts'
import type { Money } from '../voice.ts'
import { at, dateOf, type Fields, idOf, listOf } from './json.ts'
import type { StripeEvent } from './stripe-event.ts'
import { orderNumberOf, paymentIntentOf, referencesOf } from './stripe-references.ts'
import { ofMoney } from './stripe-telling.ts'
import { distinct, linkOf, moneyOf, type Telling, withoutNulls } from './telling.ts'

/** Stripe's codes that say something to the customer. `fraudulent` is between the shop and the bank. */
const tellable = ['requested_by_customer', 'duplicate']

export function tellingOfRefund(event: StripeEvent): Telling {
  const { object } = event
  const amount = amountOf(event)
  const refund = refundOf(object, amount)
  const refundId = idOf(refund)
  const told = amount && refundTold(event)
  return ofMoney(object, {
    type: 'refund.processed',
    fact: told?.fact ?? null,
    refund: told,
    references: distinct([...referencesOf(object), refundId]),
    data: withoutNulls({
      amount,
      refundId,
      paymentId: paymentIntentOf(object) ?? idOf(object),
      orderNumber: orderNumberOf(object),
      reason: tellable.find((code) => code === refund.reason),
      receiptUrl: linkOf(object.receipt_url),
    }),
  })
}

/** Where the event does not say which part of the sum is this refund's, planning takes off what others say. */
function amountOf(event: StripeEvent): Money | null {
  const sum = wholeOf(event.object.amount_refunded)
  return sum === null ? null : moneyOf(sum - (beforeOf(event) ?? 0), event.object.currency)
}

/** What the refunds came to before this one: as the event says, else without the newest of the list that charges carry before 2022-11-15. */
function beforeOf({ object, previous }: StripeEvent): number | null {
  const before = wholeOf(previous.amount_refunded)
  if (before !== null) return before
  const [sum, newest] = [wholeOf(object.amount_refunded), wholeOf(newestOf(object).amount)]
  return sum && newest && newest <= sum ? sum - newest : null
}

function wholeOf(amount: unknown): number | null {
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}

function refundOf(charge: Fields, amount: Money | null): Fields {
  const newest = newestOf(charge)
  return newest.amount === amount?.amount ? newest : {}
}

function newestOf(charge: Fields): Fields {
  const refunds = listOf(at(charge, 'refunds').data)
  const madeAt = (refund: Fields) => dateOf(refund.created)?.getTime() ?? 0
  // Stripe lists the newest first, so among those of one second the first is it.
  return refunds.reduce<Fields>(
    (newest, refund) => (madeAt(refund) > madeAt(newest) ? refund : newest),
    refunds[0] ?? {},
  )
}

function refundTold(event: StripeEvent): RefundTold | null {
  const { object, created } = event
  const [charge, sum, at] = [idOf(object), wholeOf(object.amount_refunded), dateOf(created)]
  if (!charge || sum === null || !at) return null
  return { fact: refundFact({ charge, sum, at }), charge, sum, before: beforeOf(event), at }
}
