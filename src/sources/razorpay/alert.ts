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

/** Razorpay asks again if the evidence does not suffice, which is another fact. */
export function mapDispute({ type, dispute, payment, occurredAt }: RazorpayEvent): Mapped {
  const id = idOf(dispute)
  const alert = alertOf(dispute)
  const isOpen = alert === 'dispute_created' || alert === 'inquiry_opened'
  const asksAgain = type === 'payment.dispute.action_required'
  return forOperator({
    type: `razorpay:${type}`,
    fact: id && disputeFact(id, asksAgain ? (occurredAt?.toISOString() ?? 'again') : undefined),
    data: {
      alert,
      amount: razorpayMoney(dispute.amount, dispute.currency ?? payment.currency),
      reason: textOf(dispute.reason_code),
      objectId: id,
      respondBy: isOpen ? dateOf(dispute.respond_by)?.toISOString() : null,
    },
  })
}

function forOperator({ type, fact, data }: Omit<Mapped['content'], 'recipients'>): Mapped {
  return { content: { type, fact, data: withoutNulls(data), recipients: [] }, fault: null }
}

const alerts: Record<string, string> = {
  closed: 'dispute_closed',
  lost: 'dispute_lost',
  under_review: 'dispute_under_review',
  won: 'dispute_won',
}

/** In the phase of retrieval the bank asks for information only. */
function alertOf({ status, phase }: Fields): string {
  const decided = typeof status === 'string' && Object.hasOwn(alerts, status) ? alerts[status] : null
  return decided ?? (phase === 'retrieval' ? 'inquiry_opened' : 'dispute_created')
}
