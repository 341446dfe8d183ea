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

/** Null for events that notify nobody, such as `order.paid`, which comes with `payment.captured`. */
export function mapEvent(event: RazorpayEvent): Mapped | Silent | null {
  const { payment, refund, occurredAt } = event
  const paymentId = idOf(payment) ?? idOf(refund.payment_id)
  const refundId = idOf(refund)
  const orderNumber = orderNumberOf(event)
  switch (event.type) {
    case 'payment.captured':
      if (payment.amount === 0) return free
      return forPayer(payment, {
        type: 'payment.received',
        fact: paymentId && paymentFact(paymentId),
        data: {
          amount: razorpayMoney(payment.amount, payment.currency),
          paymentId,
          orderNumber,
          method: methodOf(payment),
          paidAt: occurredAt?.toISOString(),
        },
      })
    case 'payment.failed':
      if (payment.amount === 0) return free
      // Razorpay makes a payment for each try.
      return forPayer(payment, {
        type: 'payment.failed',
        fact: paymentId && failedPaymentFact(paymentId),
        data: {
          amount: razorpayMoney(payment.amount, payment.currency),
          paymentId,
          orderNumber,
          reason: declineReason(payment),
        },
      })
    case 'refund.failed':
      return mapFailedRefund(event)
    case 'payment.dispute.created':
    case 'payment.dispute.under_review':
    case 'payment.dispute.action_required':
    case 'payment.dispute.won':
    case 'payment.dispute.lost':
    case 'payment.dispute.closed':
      return mapDispute(event)
    case 'refund.processed':
      if (refund.amount === 0) return free
      return forPayer(payment, {
        type: 'refund.processed',
        fact: refundId && singleRefundFact(refundId),
        data: {
          amount: razorpayMoney(refund.amount, refund.currency ?? payment.currency),
          refundId,
          paymentId,
          orderNumber,
          pending: refund.status === 'pending' || null,
        },
      })
    default:
      return null
  }
}

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
    return network && network !== 'Unknown' ? `${methodName(network) ?? network} card` : 'Card'
  }
  const wallet = method === 'wallet' ? textOf(payment.wallet, 50) : null
  return (wallet && methodName(wallet)) ?? (method && methodName(method))
}
