// Maps Razorpay's events of payments and refunds.
import { emailOf, phoneOf } from '../../domain/address.ts'
import type { Recipient } from '../../domain/event.ts'
import { failedPaymentFact, paymentFact, singleRefundFact } from '../../domain/fact.ts'
import { reason } from '../../domain/reason.ts'
import { at, type Fields, idOf, textOf } from '../../wire/json.ts'
import { type Mapped, moneyOf, withoutNulls } from '../mapping.ts'
import { declineReason } from './decline.ts'
import type { RazorpayEvent } from './event.ts'
import { orderNumberOf } from './references.ts'

/** Null for events that notify nobody, such as `order.paid`, which comes with `payment.captured`. */
export function mapPayment(event: RazorpayEvent): Mapped | null {
  const { payment, refund, occurredAt } = event
  const paymentId = idOf(payment) ?? idOf(refund.payment_id)
  const refundId = idOf(refund)
  const orderNumber = orderNumberOf(event)
  switch (event.type) {
    case 'payment.captured':
      return forPayer(payment, {
        type: 'payment.received',
        fact: paymentId && paymentFact(paymentId),
        data: {
          amount: moneyOf(payment.amount, payment.currency),
          paymentId,
          orderNumber,
          method: methodOf(payment),
          paidAt: occurredAt?.toISOString(),
        },
      })
    case 'payment.failed':
      // Razorpay makes a payment for each try.
      return forPayer(payment, {
        type: 'payment.failed',
        fact: paymentId && failedPaymentFact(paymentId),
        data: {
          amount: moneyOf(payment.amount, payment.currency),
          paymentId,
          orderNumber,
          reason: declineReason(payment),
        },
      })
    case 'refund.processed':
      return forPayer(payment, {
        type: 'refund.processed',
        fact: refundId && singleRefundFact(refundId),
        data: {
          amount: moneyOf(refund.amount, refund.currency ?? payment.currency),
          refundId,
          paymentId,
          orderNumber,
        },
      })
    default:
      return null
  }
}

function forPayer(payment: Fields, { type, fact, data }: Omit<Mapped['content'], 'recipients'>): Mapped {
  const recipient = recipientOf(payment)
  const content = { type, fact, data: withoutNulls(data), recipients: recipient ? [recipient] : [] }
  if (!recipient)
    return { content, fault: reason('no_recipient', { detail: 'The payment has no usable email or contact.' }) }
  return { content, fault: data.amount ? null : reason('no_amount') }
}

function recipientOf(payment: Fields): Recipient | null {
  const id = idOf(payment.customer_id)
  const email = payerEmailOf(payment.email)
  const phone = payerPhoneOf(payment.contact)
  if (!email && !phone) return null
  return { ...(id && { id }), ...(email && { email }), ...(phone && { phone }) }
}

/** Razorpay's value if the payer gave no email. */
const placeholders = ['void@razorpay.com']

function payerEmailOf(value: unknown): string | null {
  const email = emailOf(typeof value === 'string' ? value.trim() : value)
  return email && !placeholders.includes(email.toLowerCase()) ? email : null
}

/** Razorpay accepts Indian mobile numbers with or without the country code. */
function payerPhoneOf(value: unknown): string | null {
  const contact = typeof value === 'string' ? value.replaceAll(/[\s().-]/g, '') : ''
  const [, indian] = /^(?:0|91)?([6-9]\d{9})$/.exec(contact) ?? []
  return phoneOf(indian ? `+91${indian}` : contact)
}

const methods: Record<string, string> = {
  bank_transfer: 'Bank transfer',
  cardless_emi: 'Cardless EMI',
  emi: 'EMI',
  netbanking: 'Netbanking',
  paylater: 'Pay later',
  upi: 'UPI',
  wallet: 'Wallet',
}

/** Without the last digits of the card, which for a tokenised card are the token's. */
function methodOf(payment: Fields): string | null {
  const { method } = payment
  const network = textOf(at(payment, 'card').network, 50)
  if (method === 'card') return network ? `${network} card` : 'Card'
  return typeof method === 'string' && Object.hasOwn(methods, method) ? (methods[method] ?? null) : null
}
