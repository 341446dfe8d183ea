// Maps Stripe's events of received and failed payments: PaymentIntents, invoices and Checkout sessions, in every API
// version.
import type { Money } from '../../domain/money.ts'
import { factNamed } from '../../domain/payment.ts'
import { reason } from '../../domain/reason.ts'
import { at, dateOf, type Fields, idOf, isFields } from '../../wire/json.ts'
import { distinct, linkOf, type Mapped, moneyOf, type Silent, withoutNulls } from '../mapping.ts'
import { forPayer } from './addressee.ts'
import { customerOf } from './customer.ts'
import { declineReason } from './decline.ts'
import type { StripeEvent } from './event.ts'
import { methodOf } from './method.ts'
import { identifyPayment } from './payment-names.ts'
import { asPaid } from './presentment.ts'
import {
  chargeOf,
  invoiceNumberOf,
  invoiceOf,
  isKind,
  orderNumberOf,
  paymentIntentOf,
  referencesOf,
  subscriptionOf,
} from './references.ts'

interface Payment {
  outcome: 'received' | 'failed'
  amount: unknown
}

export function mapPayment(event: StripeEvent): Mapped | Silent {
  const payment = paymentOf(event)
  if ('silent' in payment) return payment
  if (payment.amount === 0) return { silent: reason('nothing_due', { cause: 'zero_amount' }) }
  const { object } = event
  // In Stripe's units (docs.stripe.com/currencies), which differ from ISO 4217 for MGA, UGX and ISK.
  const shopMoney = moneyOf(payment.amount, object.currency)
  const amount = asPaid(shopMoney, object)
  const received = payment.outcome === 'received'
  const customer = customerOf(object)
  const identity = identifyPayment(event, payment.outcome, shopMoney, customer.recipient)
  const subscription = subscriptionOf(object)
  const renews = received && isRenewal(object)
  const mentions = distinct([renews ? null : subscription, invoiceNumberOf(object)])
  return forPayer(customer, {
    type: received ? 'payment.received' : 'payment.failed',
    fact: identity && factNamed(identity),
    payment: identity,
    // A paid renewal supersedes its reminder. A failure is superseded by its own invoice only.
    references: distinct([...referencesOf(object), renews ? subscription : null]),
    ...(mentions.length > 0 && { mentions }),
    data: received ? receivedData(event, amount) : failedData(event, amount),
  })
}

/** Invoices with another billing reason are for the start or a change, and do not replace the renewal. */
function isRenewal(object: Fields): boolean {
  return isKind(object, 'invoice') && (object.billing_reason ?? 'subscription_cycle') === 'subscription_cycle'
}

function paymentOf({ type, object }: StripeEvent): Payment | Silent {
  switch (type) {
    case 'payment_intent.succeeded':
      return { outcome: 'received', amount: firstPositive(object.amount_received, object.amount) }
    case 'payment_intent.payment_failed':
      return { outcome: 'failed', amount: object.amount }
    case 'invoice.paid':
      return { outcome: 'received', amount: object.amount_paid ?? object.total }
    case 'invoice.payment_failed':
      return { outcome: 'failed', amount: firstPositive(object.amount_remaining, object.amount_due) }
    case 'checkout.session.completed':
      return paidOf(object)
    case 'checkout.session.async_payment_succeeded':
      return { outcome: 'received', amount: object.amount_total }
    default:
      return { outcome: 'failed', amount: object.amount_total }
  }
}

function paidOf(session: Fields): Payment | Silent {
  switch (session.payment_status) {
    case 'paid':
      return { outcome: 'received', amount: session.amount_total }
    case 'no_payment_required':
      return { silent: reason('nothing_due', { cause: 'no_payment_required' }) }
    default:
      return {
        silent: reason('nothing_due', { cause: 'unpaid_checkout' }),
      }
  }
}

function firstPositive(first: unknown, second: unknown): unknown {
  return typeof first === 'number' && first > 0 ? first : second
}

function receivedData({ object, created }: StripeEvent, amount: Money | null): Fields {
  const charge = chargeOf(object)
  const paidAt = dateOf(at(object, 'status_transitions').paid_at) ?? dateOf(charge.created) ?? dateOf(created)
  return withoutNulls({
    ...commonData(object, amount),
    method: methodOf(object),
    paidAt: paidAt?.toISOString(),
    receiptUrl: linkOf(charge.receipt_url) ?? linkOf(object.hosted_invoice_url) ?? linkOf(object.invoice_pdf),
  })
}

function failedData({ object, created }: StripeEvent, amount: Money | null): Fields {
  // An invoice or a session has the error only if its PaymentIntent is expanded.
  const intent = isFields(object.payment_intent) ? object.payment_intent : object
  const invoice = isKind(object, 'invoice') ? object : at(object, 'invoice')
  return withoutNulls({
    ...commonData(object, amount),
    reason: declineReason(intent.last_payment_error),
    retryUrl: linkOf(invoice.hosted_invoice_url),
    ...nextTryOf(invoice, { isAskedFor: invoice !== object, failedAt: dateOf(created) }),
  })
}

/**
 * Whether Stripe collects an invoice again by itself, and when; nothing where it does not say. It says so only where it
 * collects the invoice itself. One that was asked for may not know of the try yet: it then has the time of that try.
 */
function nextTryOf(
  {
    next_payment_attempt: next,
    collection_method: method,
    attempted,
    attempt_count: tries,
    billing_reason: why,
  }: Fields,
  { isAskedFor, failedAt }: { isAskedFor: boolean; failedAt: Date | null },
): Fields {
  // The first payment of a subscription is never tried again by itself, so its only try is not called the last.
  const isFirstTry = why === 'subscription_create' && !(Number(tries) > 1)
  if (method === 'send_invoice' || next === undefined || (isAskedFor && attempted !== true)) return {}
  if (next === null) return isFirstTry ? {} : { isLastTry: true }
  const nextTryAt = dateOf(next)
  return nextTryAt && !(failedAt && nextTryAt <= failedAt) ? { nextTryAt: nextTryAt.toISOString() } : {}
}

function commonData(object: Fields, amount: Money | null): Fields {
  // A session of a subscription has an invoice and no PaymentIntent; its own id is of no use to customers.
  const paymentId = paymentIntentOf(object) ?? invoiceOf(object) ?? idOf(object)
  return { amount, paymentId, orderNumber: orderNumberOf(object) }
}
