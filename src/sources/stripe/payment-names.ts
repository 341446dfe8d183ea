// Identifies the payment of a Stripe event by the names that other events of it share, so that a person is notified once.
import type { Recipient } from '../../domain/event.ts'
import type { Money } from '../../domain/money.ts'
import type { ReportedPayment } from '../../domain/payment.ts'
import { at, dateOf, type Fields, idOf, isFields, textOf } from '../../wire/json.ts'
import { distinct } from '../mapping.ts'
import type { StripeEvent } from './event.ts'
import { chargeOf, customerIdOf, invoiceOf, isKind, orderNamesOf, paidPartsOf, paymentIntentOf } from './references.ts'

/** Since 2025-05-28.basil these events say which invoice a PaymentIntent has paid. They report no payment themselves. */
const linkType = 'stripe:invoice_payment.paid'

/** Null without a name or an amount. */
export function identifyPayment(
  event: StripeEvent,
  outcome: ReportedPayment['outcome'],
  amount: Money | null,
  recipient: Recipient | null,
): ReportedPayment | null {
  const { object } = event
  const occurredAt = dateOf(event.created)
  const names = outcome === 'received' ? distinct([...namesOf(object), chargeIdOf(object)]) : namesOf(object)
  const attempts = outcome === 'failed' ? attemptNames(object, occurredAt?.toISOString() ?? event.id) : []
  if (!amount || names.length === 0) return null
  return {
    outcome,
    names: distinct([...names, ...attempts, outcome === 'failed' ? countOf(object) : null]),
    ownNames: outcome === 'received' ? names : attempts,
    parts: outcome === 'received' ? partsOf(object) : [],
    linkedBy: linkType,
    lacks: paysNoInvoice(object) ? ['in'] : [],
    orders: orderNamesOf(object),
    shopReference: textOf(at(object, 'metadata').reference),
    customer: customerIdOf(object),
    email: recipient?.email ?? null,
    ...amount,
    at: occurredAt ?? new Date(0),
  }
}

/** The PaymentIntents that paid an invoice, if it lists several. */
function partsOf(invoice: Fields): string[] {
  const parts = paidPartsOf(invoice).map((payment) => idOf(at(payment, 'payment').payment_intent))
  return parts.length > 1 ? distinct(parts) : []
}

/** The PaymentIntent, the invoice and the Checkout session that the object names. */
function namesOf(object: Fields): string[] {
  const session = isKind(object, 'checkout.session') ? idOf(object) : null
  return distinct([paymentIntentOf(object), invoiceOf(object) ?? invoiceOfOrder(object), session])
}

/**
 * A PaymentIntent says so until 2025-03-31.basil, and Stripe does since if it is asked. Of a Checkout session for a single
 * payment it is known, unless the session creates an invoice.
 */
function paysNoInvoice(object: Fields): boolean {
  if (object.invoice !== null || invoiceOfOrder(object)) return false
  if (!isKind(object, 'checkout.session')) return isKind(object, 'payment_intent')
  return object.mode === 'payment' && at(object, 'invoice_creation').enabled !== true
}

/** Since 2025-03-31.basil some PaymentIntents name their invoice here. A shop may set any other text. */
function invoiceOfOrder(intent: Fields): string | null {
  const order = textOf(at(intent, 'payment_details').order_reference, 255)
  return order && /^in_\w+$/.test(order) ? order : null
}

function chargeIdOf(object: Fields): string | null {
  return idOf(object.charge) ?? idOf(object.latest_charge) ?? idOf(chargeOf(object))
}

/**
 * The names of a failed try. The events of one try share its charge: a PaymentIntent has it in every version, an
 * invoice until 2025-03-31.basil, a Checkout session never.
 */
function attemptNames(object: Fields, failedAt: string): string[] {
  const id = idOf(object) ?? ''
  if (isKind(object, 'checkout.session')) return [`async:${id}:${failedAt.slice(0, 10)}`]
  if (!isKind(object, 'invoice')) return [`try:${failedCharge(object) ?? `${id}:${failedAt}`}`]
  const charge = idOf(object.charge)
  return charge ? [`try:${charge}`] : []
}

/** Different counts are different tries. The same count may be several, since tries on request are not counted. */
function countOf(object: Fields): string | null {
  const { attempt_count: count } = object
  return isKind(object, 'invoice') && typeof count === 'number' ? `count:${idOf(object)}:${count}` : null
}

/** An error without a charge is a try that made none (failed 3D Secure). `latest_charge` is then of an earlier try. */
function failedCharge(intent: Fields): string | null {
  if (isFields(intent.last_payment_error)) return idOf(intent.last_payment_error.charge)
  return idOf(intent.latest_charge) ?? idOf(chargeOf(intent))
}
