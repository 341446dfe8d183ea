// Names the payment method of a Stripe object for customers, such as `Visa •••• 4242`.
import { at, type Fields, isFields, textOf } from '../../wire/json.ts'
import { chargeOf } from './references.ts'

const names: Record<string, string> = {
  amex: 'American Express',
  bacs_debit: 'Bacs Direct Debit',
  diners: 'Diners Club',
  eftpos_au: 'eftpos',
  ideal: 'iDEAL',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  paypal: 'PayPal',
  sepa_debit: 'SEPA Direct Debit',
  unionpay: 'UnionPay',
  us_bank_account: 'Bank account',
}

/** Null if the object does not say which method was used (only an id, or several offered methods). */
export function methodOf(object: Fields): string | null {
  const charged = at(chargeOf(object), 'payment_method_details')
  const method = typeof charged.type === 'string' ? charged : at(object, 'payment_method')
  const offered = Array.isArray(object.payment_method_types) ? object.payment_method_types : []
  const type = textOf(method.type, 50) ?? (offered.length === 1 ? textOf(offered[0], 50) : null)
  if (!type) return null
  return (isFields(method.card) && type === 'card' && cardOf(method.card)) || nameOf(type)
}

function cardOf({ brand, last4 }: Fields): string | null {
  const name = textOf(brand, 50)
  const digits = textOf(last4, 4)
  return name && digits && /^\d{4}$/.test(digits) ? `${nameOf(name)} •••• ${digits}` : null
}

function nameOf(word: string): string {
  if (Object.hasOwn(names, word)) return names[word] ?? word
  const spaced = word.replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
