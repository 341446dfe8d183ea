// The name of the fact that several Stripe events tell of, so that a person is told once. plan.ts keeps
// one notification a channel for each name.
import { at, dateOf, type Fields, idOf, isFields } from './json.ts'
import type { StripeEvent } from './stripe-event.ts'
import { chargeOf, invoiceOf, isKind, paymentIntentOf } from './stripe-references.ts'

/**
 * One name for one payment: its PaymentIntent's, else its invoice's.
 *
 * What a payload alone cannot say: since 2025-03-31.basil a PaymentIntent no longer names its invoice, and an
 * invoice names its PaymentIntent only where `payments` is included; a subscription's Checkout session names the
 * invoice only. There `payment_intent.succeeded` and `invoice.paid` of one payment keep two names.
 */
export function receivedFact(object: Fields): string | null {
  const payment = paymentOf(object)
  return payment && `payment:${payment}`
}

/**
 * One name for one payment and try. The charge is what the events of one try agree on: a PaymentIntent has it in
 * every version, an invoice until 2025-03-31.basil. Newer invoices only count their tries, and a PaymentIntent does
 * not say which of them it was, so those two keep two names.
 */
export function failedFact({ id, object, created }: StripeEvent): string | null {
  const payment = paymentOf(object)
  const failedAt = dateOf(created)?.toISOString() ?? id
  return payment && `payment-failed:${payment}:${tryOf(object, failedAt)}`
}

function paymentOf(object: Fields): string | null {
  return paymentIntentOf(object) ?? invoiceOf(object) ?? idOf(object)
}

function tryOf(object: Fields, failedAt: string): string {
  if (isKind(object, 'invoice')) return idOf(object.charge) ?? `attempt-${count(object.attempt_count)}`
  // A Checkout session names no charge. Its delayed debit fails days after it was made, so the day is enough to
  // make it one with the PaymentIntent's event, which is made in the same second.
  if (isKind(object, 'checkout.session') || isDelayed(object)) return `day-${failedAt.slice(0, 10)}`
  return failedCharge(object) ?? `at-${failedAt}`
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

const delayedMethods = new Set([
  'acss_debit',
  'au_becs_debit',
  'bacs_debit',
  'boleto',
  'customer_balance',
  'konbini',
  'multibanco',
  'nz_bank_account',
  'oxxo',
  'sepa_debit',
  'us_bank_account',
])

/** Of a PaymentIntent that is no invoice's, whether its method is one that Checkout calls asynchronous. */
function isDelayed(intent: Fields): boolean {
  if (invoiceOf(intent) !== null) return false
  const { type } = at(intent, 'last_payment_error', 'payment_method')
  return typeof type === 'string' && delayedMethods.has(type)
}

/** An error without a charge is a try that made none (3D Secure failed): `latest_charge` is then an earlier try's. */
function failedCharge(intent: Fields): string | null {
  if (isFields(intent.last_payment_error)) return idOf(intent.last_payment_error.charge)
  return idOf(intent.latest_charge) ?? idOf(chargeOf(intent))
}
