// What a Stripe object can be found by: the shop's own names for it, and the ids of the payment and the invoice behind it.
import { at, type Fields, firstText, idOf, isFields, listOf, textOf } from '../../wire/json.ts'
import { distinct } from '../mapping.ts'

/** The best name first: the shop's own, else the payment's id, else the object's. */
export function referencesOf(object: Fields): string[] {
  const metadata = at(object, 'metadata')
  const names = [
    textOf(metadata.reference),
    textOf(metadata.order_number),
    textOf(metadata.order_id),
    textOf(object.client_reference_id),
    paymentIntentOf(object),
    idOf(object),
    invoiceOf(object),
  ]
  return distinct(names)
}

export function orderNumberOf(object: Fields): string | null {
  const metadata = at(object, 'metadata')
  // As long as an order's number may be in an email; a longer text is something else of the shop's.
  const names = [metadata.order_number, metadata.order_id, object.client_reference_id]
  return firstText(...names.map((name) => textOf(name, 100)))
}

/** The PaymentIntent that the object is, or names. */
export function paymentIntentOf(object: Fields): string | null {
  if (isKind(object, 'payment_intent')) return idOf(object)
  return idOf(object.payment_intent) ?? idOf(invoicePaymentOf(object).payment_intent)
}

/** The invoice that the object is, or names. PaymentIntents name theirs before 2025-03-31.basil only. */
export function invoiceOf(object: Fields): string | null {
  return isKind(object, 'invoice') ? idOf(object) : idOf(object.invoice)
}

/** The subscription that an invoice is for: its own field until 2025-03-31.basil, its parent since. */
export function subscriptionOf(invoice: Fields): string | null {
  const parent = at(invoice, 'parent', 'subscription_details')
  const line = at(invoice, 'lines', 'data', 0)
  return (
    idOf(parent.subscription) ??
    idOf(invoice.subscription) ??
    idOf(at(line, 'parent', 'subscription_item_details').subscription) ??
    idOf(line.subscription)
  )
}

const prefixes = {
  payment_intent: 'pi_',
  invoice: 'in_',
  'checkout.session': 'cs_',
  charge: 'ch_',
  subscription: 'sub_',
}

/** By what the object says it is; one that does not say is known by its id. */
export function isKind(object: Fields, kind: keyof typeof prefixes): boolean {
  return typeof object.object === 'string' ? object.object === kind : idOf(object)?.startsWith(prefixes[kind]) === true
}

/**
 * The last charge: the first of `charges` before 2022-11-15, since then `latest_charge` where it is expanded. An invoice or a
 * session has it where its PaymentIntent is.
 */
export function chargeOf(object: Fields): Fields {
  const intent = isFields(object.payment_intent) ? object.payment_intent : object
  const charge = [intent.latest_charge, object.charge].find(isFields)
  return charge ?? at(intent, 'charges', 'data', 0)
}

/** Since 2025-03-31.basil an invoice has a list of payments (where it is included): the paid one, else the default. */
function invoicePaymentOf(invoice: Fields): Fields {
  const payments = listOf(at(invoice, 'payments').data)
  const payment =
    payments.find(({ status }) => status === 'paid') ??
    payments.find(({ is_default }) => is_default === true) ??
    payments[0]
  return at(payment, 'payment')
}
