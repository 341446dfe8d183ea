// Finds what the customer paid in their own currency, where Stripe converted the shop's price (Adaptive Pricing).
import { exactShare, type Money, type Presentment } from '../../domain/money.ts'
import { at, type Fields, isFields } from '../../wire/json.ts'
import { moneyOf } from '../mapping.ts'
import { chargeOf, isKind } from './references.ts'

/** What was paid as the customer paid it; in the shop's currency if they did, or where their share of it is not exact. */
export function asPaid(shopMoney: Money | null, object: Fields): Money | null {
  if (!shopMoney) return null
  // An invoice's own stands for what the event is about, and a PaymentIntent or charge may be expanded in an object.
  if (isKind(object, 'invoice')) {
    const own = presentmentOf(object, shopMoney.amount)
    if (own) return own.money
  }
  for (const one of [object, at(object, 'payment_intent'), chargeOf(object)]) {
    const presentment = presentmentOf(one, sumOf(one))
    if (presentment) return exactShare(presentment, shopMoney.amount) ?? shopMoney
  }
  return shopMoney
}

/** The object's own presentment. Null if the shop's currency was paid. */
export function presentmentOf(object: Fields, standsFor: unknown): Presentment | null {
  const details = object.presentment_details
  const money = isFields(details) ? moneyOf(details.presentment_amount, details.presentment_currency) : null
  return money && typeof standsFor === 'number' && standsFor > 0 ? { money, standsFor } : null
}

function sumOf(object: Fields): unknown {
  return isKind(object, 'checkout.session') ? object.amount_total : object.amount
}
