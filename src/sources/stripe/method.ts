// Names the payment method of a Stripe object for customers, such as `Visa •••• 4242` or `Apple Pay (Visa •••• 4242)`.
import { methodName } from '../../domain/payment-method.ts'
import { at, type Fields, isFields, textOf } from '../../wire/json.ts'
import { chargeOf } from './references.ts'

/** Null if the object does not say which method was used (only an id, or several offered methods). */
export function methodOf(object: Fields): string | null {
  const charged = at(chargeOf(object), 'payment_method_details')
  const method = typeof charged.type === 'string' ? charged : at(object, 'payment_method')
  const offered = Array.isArray(object.payment_method_types) ? object.payment_method_types : []
  const type = textOf(method.type, 50) ?? (offered.length === 1 ? textOf(offered[0], 50) : null)
  if (!type) return null
  const card = [method.card, method.card_present, method.interac_present].find(isFields)
  return (card && cardOf(card)) || nameOf(type)
}

function cardOf(card: Fields): string | null {
  const brand = textOf(card.brand, 50)
  const digits = textOf(card.last4, 4)
  const wallet = textOf(at(card, 'wallet').type, 50)
  const name = brand && brand !== 'unknown' ? nameOf(brand) : null
  const shown = name && digits && /^\d{4}$/.test(digits) ? `${name} •••• ${digits}` : name
  const by = wallet && wallet !== 'unknown' ? nameOf(wallet) : null
  return by && shown ? `${by} (${shown})` : (by ?? shown)
}

/** A code that is not known is shown as words. */
function nameOf(code: string): string {
  const known = methodName(code)
  if (known) return known
  const spaced = code.replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
