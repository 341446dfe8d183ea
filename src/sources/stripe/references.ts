// The references of a Stripe object: the shop's names for it, and the ids of its payment and invoice.
import { at, type Fields, idOf, isFields, listOf, textOf } from '../../wire/json.ts'
import { orderNamesIn, orderNumberIn, referencesIn, shopNameOf } from '../../wire/order-names.ts'
import { distinct } from '../mapping.ts'

/** The shop's names come first, then the payment's id, then the object's and the invoice's. */
export function referencesOf(object: Fields): string[] {
  const names = [
    ...referencesIn([at(object, 'metadata')], orderKeysOf(object)),
    // Often a user's id or an address, so it is never shown as an order's number.
    shopNameOf(object.client_reference_id),
    paymentIntentOf(object),
    idOf(object),
    invoiceOf(object),
  ]
  return distinct(names)
}

export function orderNumberOf(object: Fields): string | null {
  return orderNumberIn(orderNamesOf(object))
}

/** What the shop calls its order, by all keys. */
export function orderNamesOf(object: Fields): string[] {
  return orderNamesIn([at(object, 'metadata')], orderKeysOf(object))
}

/** The field of an event's object in which it carries the further keys of an order's name. */
export const orderKeysField = 'order_metadata_keys'

function orderKeysOf(object: Fields): string[] {
  const keys = object[orderKeysField]
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []
}

/** The id of the customer, or else of the account that is one, as in Accounts v2. */
export function customerIdOf(object: Fields): string | null {
  return idOf(object.customer) ?? idOf(object.customer_account)
}

/** The id of the object if it is a PaymentIntent, or else of the one that it names. */
export function paymentIntentOf(object: Fields): string | null {
  if (isKind(object, 'payment_intent')) return idOf(object)
  const { payment_intent } = isKind(object, 'invoice_payment') ? at(object, 'payment') : invoicePaymentOf(object)
  return idOf(object.payment_intent) ?? idOf(payment_intent)
}

/**
 * The id of the object if it is an invoice, or else of the one that it names. PaymentIntents name it until
 * 2025-03-31.basil.
 */
export function invoiceOf(object: Fields): string | null {
  return isKind(object, 'invoice') ? idOf(object) : idOf(object.invoice)
}

/** What the customer sees as the invoice's number, of the object or of the invoice that it has expanded; a preview has none. */
export function invoiceNumberOf(object: Fields): string | null {
  return textOf(isKind(object, 'invoice') ? object.number : at(object, 'invoice').number)
}

/** An invoice has it in a field of its own until 2025-03-31.basil, in `parent` since. */
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
  invoice_payment: 'inpay_',
  subscription: 'sub_',
}

/** By the field `object`, or else by the prefix of the id. */
export function isKind(object: Fields, kind: keyof typeof prefixes): boolean {
  return typeof object.object === 'string' ? object.object === kind : idOf(object)?.startsWith(prefixes[kind]) === true
}

/**
 * The latest charge: the first of `charges` before 2022-11-15, `latest_charge` since then if it is expanded. An invoice
 * or a session has it in an expanded PaymentIntent. Empty if there is none.
 */
export function chargeOf(object: Fields): Fields {
  const intent = isFields(object.payment_intent) ? object.payment_intent : object
  const charge = [intent.latest_charge, object.charge].find(isFields)
  return charge ?? at(intent, 'charges', 'data', 0)
}

/**
 * The paid, the default or the first of an invoice's payments, which it may include since 2025-03-31.basil. Empty if several
 * have paid it in parts, because it is then none of them.
 */
export function invoicePaymentOf(invoice: Fields): Fields {
  const payments = listOf(at(invoice, 'payments').data)
  const paid = paidPartsOf(invoice)
  if (paid.length > 1) return {}
  const payment = paid[0] ?? payments.find(({ is_default }) => is_default === true) ?? payments[0]
  return at(payment, 'payment')
}

/** Those of an invoice's payments that are paid. */
export function paidPartsOf(invoice: Fields): Fields[] {
  return listOf(at(invoice, 'payments').data).filter(({ status }) => status === 'paid')
}
