// Maps Razorpay's events: payments and refunds here, and what concerns the merchant in a file beside it.
import type { Recipient } from '../../domain/event.ts'
import { failedPaymentFact, paymentFact, singleRefundFact } from '../../domain/fact.ts'
import { methodName } from '../../domain/payment-method.ts'
import { reason } from '../../domain/reason.ts'
import { at, type Fields, idOf, textOf } from '../../wire/json.ts'
import { usableAddresses } from '../kit/usable-addresses.ts'
import { type Mapped, type Silent, withoutNulls } from '../mapping.ts'
import { mapDispute, mapFailedRefund } from './alert.ts'
import { declineReason } from './decline.ts'
import type { RazorpayEvent } from './event.ts'
import { razorpayMoney } from './money.ts'
import { orderNumberOf } from './references.ts'

type Mapping = (event: RazorpayEvent) => Mapped | Silent

/** By Razorpay's type. */
const mappings = new Map<string, Mapping>([
  ['payment.captured', mapCaptured],
  ['payment.failed', mapFailed],
  ['refund.processed', mapRefund],
  ['refund.failed', mapFailedRefund],
  ['payment.dispute.created', mapDispute],
  ['payment.dispute.under_review', mapDispute],
  ['payment.dispute.action_required', mapDispute],
  ['payment.dispute.won', mapDispute],
  ['payment.dispute.lost', mapDispute],
  ['payment.dispute.closed', mapDispute],
])

/** The types that are read. */
export const types: readonly string[] = [...mappings.keys()]

/** Null for events that notify nobody, such as `order.paid`, which comes with `payment.captured`. */
export function mapEvent(event: RazorpayEvent): Mapped | Silent | null {
  return mappings.get(event.type)?.(event) ?? null
}

function mapCaptured(event: RazorpayEvent): Mapped | Silent {
  const { payment, occurredAt } = event
  if (payment.amount === 0) return free
  const paymentId = idOf(payment)
  return forPayer(payment, {
    type: 'payment.received',
    fact: paymentId && paymentFact(paymentId),
    data: {
      amount: razorpayMoney(payment.amount, payment.currency),
      paymentId,
      orderNumber: orderNumberOf(event),
      method: methodOf(payment),
      paidAt: occurredAt?.toISOString(),
    },
  })
}

/** Razorpay makes a payment for each try. */
function mapFailed(event: RazorpayEvent): Mapped | Silent {
  const { payment } = event
  if (payment.amount === 0) return free
  if (payment.error_reason === mandateOnly) return { silent: reason('nothing_due', { cause: 'mandate_registered' }) }
  const paymentId = idOf(payment)
  return forPayer(payment, {
    type: 'payment.failed',
    fact: paymentId && failedPaymentFact(paymentId),
    data: {
      amount: razorpayMoney(payment.amount, payment.currency),
      paymentId,
      orderNumber: orderNumberOf(event),
      reason: declineReason(payment),
    },
  })
}

function mapRefund(event: RazorpayEvent): Mapped | Silent {
  const { payment, refund } = event
  if (refund.amount === 0) return free
  const refundId = idOf(refund)
  return forPayer(payment, {
    type: 'refund.processed',
    fact: refundId && singleRefundFact(refundId),
    data: {
      amount: razorpayMoney(refund.amount, refund.currency ?? payment.currency),
      refundId,
      paymentId: idOf(payment) ?? idOf(refund.payment_id),
      orderNumber: orderNumberOf(event),
      pending: refund.status === 'pending' || null,
    },
  })
}

/** Of a payment that registered a UPI mandate and is then failed by Razorpay on purpose: the registration has succeeded. */
const mandateOnly = 'upi_dummy_payment'

/** Registering a mandate (e-mandate, NACH) makes a payment of zero. */
const free: Silent = { silent: reason('nothing_due', { cause: 'zero_amount' }) }

function forPayer(payment: Fields, { type, fact, data }: Omit<Mapped['content'], 'recipients'>): Mapped {
  const recipient = recipientOf(payment)
  const { email, phone, unusable = {} } = recipient
  const isReachable = email !== undefined || phone !== undefined
  const content = { type, fact, data: withoutNulls(data), recipients: isReachable ? [recipient] : [] }
  if (!isReachable) {
    const detail = ['The payment has no usable email or contact.', ...Object.values(unusable)].join(' ')
    return { content, fault: reason('no_recipient', { detail }) }
  }
  return { content, fault: data.amount ? null : reason('no_amount') }
}

/** Razorpay's value if the payer gave no email. */
const placeholder = /^\s*void@razorpay\.com\s*$/i

/** Razorpay accepts Indian mobile numbers with or without the country's code. */
const indianMobile = /^(?:0|91)?[6-9]\d{9}$/

function recipientOf({ customer_id, email, contact }: Fields): Recipient {
  const id = idOf(customer_id)
  const emails = typeof email === 'string' && placeholder.test(email) ? [] : [email]
  const isIndian = typeof contact === 'string' && indianMobile.test(contact.replaceAll(/\D/g, ''))
  return { ...(id && { id }), ...usableAddresses(emails, [{ phone: contact, country: isIndian ? 'IN' : null }]) }
}

/** Without the last digits of the card, which for a tokenised card are the token's. */
function methodOf(payment: Fields): string | null {
  const method = textOf(payment.method, 50)
  if (method === 'card') {
    const network = textOf(at(payment, 'card').network, 50)
    if (!network || network === 'Unknown') return 'Card'
    const name = methodName(network) ?? network
    return /card$/i.test(name) ? name : `${name} card`
  }
  const wallet = method === 'wallet' ? textOf(payment.wallet, 50) : null
  return (wallet && methodName(wallet)) ?? (method && methodName(method))
}
