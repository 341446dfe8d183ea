// A refund, from the charge that it is of. A charge's event has the sum of all its refunds, and a person is told of each
// by itself. stripe.ts asks for each event of that type.
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
  return ofMoney(object, {
    type: 'refund.processed',
    fact: factOf(event),
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

/** What this refund added to the sum, else the newest of the list that charges carry before 2022-11-15. */
function amountOf({ object, previous }: StripeEvent): Money | null {
  const { amount_refunded: sum, currency } = object
  const before = previous.amount_refunded
  if (typeof sum === 'number' && typeof before === 'number') return moneyOf(sum - before, currency)
  const listed = newestOf(object).amount
  // Without either it can only be the first.
  return moneyOf(listed, currency) ?? moneyOf(sum, currency)
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

/**
 * One name for one refund, in every API version: the charge and what its refunds come to. The day keeps apart a refund
 * that failed, which takes days, and the same amount refunded anew.
 */
function factOf({ object, created }: StripeEvent): string | null {
  const charge = idOf(object)
  const { amount_refunded: sum } = object
  const day = dateOf(created)?.toISOString().slice(0, 10)
  return charge && day && typeof sum === 'number' ? `refund:${charge}:${sum}:${day}` : null
}
