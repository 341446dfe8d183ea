// Maps Razorpay's events for the merchant: a refund that failed and a disputed payment.
import { disputeFact, failedRefundFact } from '../../domain/fact.ts'
import { dateOf, type Fields, idOf, textOf } from '../../wire/json.ts'
import { type Mapped, withoutNulls } from '../mapping.ts'
import type { RazorpayEvent } from './event.ts'
import { razorpayMoney } from './money.ts'

export function mapFailedRefund({ type, refund, payment }: RazorpayEvent): Mapped {
  const id = idOf(refund)
  return forOperator({
    type: `razorpay:${type}`,
    fact: id && failedRefundFact(id),
    data: {
      alert: 'refund_failed',
      amount: razorpayMoney(refund.amount, refund.currency ?? payment.currency),
      objectId: id,
    },
  })
}

/** What the event says of the dispute is one fact, whichever event says it; each further question is another. */
export function mapDispute({ type, dispute, payment, occurredAt }: RazorpayEvent): Mapped {
  const id = idOf(dispute)
  const alert = alertOf(type, dispute)
  const isOpen = opened.includes(alert)
  const asksAgain = type === 'payment.dispute.action_required'
  const step = isOpen ? (asksAgain ? (occurredAt?.toISOString() ?? 'again') : undefined) : alert
  return forOperator({
    type: `razorpay:${type}`,
    fact: id && disputeFact(id, step),
    data: {
      alert,
      amount: razorpayMoney(dispute.amount, dispute.currency ?? payment.currency),
      reason: reasonOf(dispute),
      isTaken: (typeof dispute.amount_deducted === 'number' && dispute.amount_deducted > 0) || null,
      objectId: id,
      respondBy: isOpen ? dateOf(dispute.respond_by)?.toISOString() : null,
    },
  })
}

/** A card network's code may be a number only; the description then says what it is. */
function reasonOf({ reason_code: code, reason_description: description }: Fields): string | null {
  const name = textOf(code)
  return name && /\p{L}/u.test(name) ? name : textOf(description, 300)
}

function forOperator({ type, fact, data }: Omit<Mapped['content'], 'recipients'>): Mapped {
  return { content: { type, fact, data: withoutNulls(data), recipients: [] }, fault: null }
}

const opened = ['dispute_created', 'dispute_more_evidence', 'inquiry_opened']

const alerts: Record<string, string> = {
  // The evidence was not enough, or could not be read.
  action_required: 'dispute_more_evidence',
  closed: 'dispute_closed',
  lost: 'dispute_lost',
  under_review: 'dispute_under_review',
  won: 'dispute_won',
}
/** In the phase of retrieval the bank asks for information only, and takes no money. */
const inquiryAlerts: Record<string, string> = {
  ...alerts,
  action_required: 'inquiry_opened',
  closed: 'inquiry_closed',
  under_review: 'inquiry_under_review',
}

/** By the status in the event's name, or else the dispute's own. */
function alertOf(type: string, { status, phase }: Fields): string {
  const isInquiry = phase === 'retrieval'
  const known = isInquiry ? inquiryAlerts : alerts
  const change = type.replace('payment.dispute.', '')
  const named = [change, change === 'created' ? status : null].find(
    (name) => typeof name === 'string' && Object.hasOwn(known, name),
  )
  return known[String(named)] ?? (isInquiry ? 'inquiry_opened' : 'dispute_created')
}
