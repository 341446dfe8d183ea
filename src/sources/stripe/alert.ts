// Maps Stripe's events for the merchant: a disputed payment, by its status, and a failed payout or debit.
import { disputeFact } from '../../domain/fact.ts'
import { at, dateOf, type Fields, idOf, textOf } from '../../wire/json.ts'
import { distinct, type Mapped, moneyOf, withoutNulls } from '../mapping.ts'
import { forOperator } from './addressee.ts'
import type { StripeEvent } from './event.ts'
import { referencesOf } from './references.ts'

/**
 * By Stripe's status, also of a dispute that is decided when it is opened. A `warning` is an inquiry, for which no money
 * is taken. Any other status waits for an answer.
 */
const disputeAlerts: Record<string, string> = {
  appeal_under_review: 'dispute_under_review',
  charge_refunded: 'dispute_closed',
  lost: 'dispute_lost',
  prevented: 'dispute_prevented',
  under_review: 'dispute_under_review',
  warning_closed: 'inquiry_closed',
  warning_needs_response: 'inquiry_opened',
  warning_under_review: 'inquiry_under_review',
  won: 'dispute_won',
}
const awaitsAnswer = ['dispute_created', 'inquiry_opened']

/** What the event says of the dispute is one fact, even if two events report its end. */
export function mapDispute({ type, account, object }: StripeEvent): Mapped {
  const id = idOf(object)
  const alert = alertOf(type, object)
  const dueBy = awaitsAnswer.includes(alert) ? dateOf(at(object, 'evidence_details').due_by) : null
  return forOperator({
    type: `stripe:${type}`,
    fact: id && disputeFact(id, awaitsAnswer.includes(alert) ? undefined : alert),
    references: distinct([...referencesOf(object), idOf(object.charge)]),
    data: withoutNulls({
      alert,
      amount: moneyOf(object.amount, object.currency),
      reason: textOf(object.reason),
      objectId: id,
      respondBy: dueBy?.toISOString(),
      isRefundable: alert === 'inquiry_opened' ? object.is_charge_refundable !== false : null,
      // A dispute, other than an inquiry, takes the money at once; what is won is returned.
      isTaken: ['dispute_created', 'dispute_won'].includes(alert) || null,
      account,
    }),
  })
}

function alertOf(type: string, { status }: Fields): string {
  const byStatus = typeof status === 'string' && Object.hasOwn(disputeAlerts, status) ? disputeAlerts[status] : null
  const alert = byStatus ?? 'dispute_created'
  if (type !== 'charge.dispute.closed' || !awaitsAnswer.includes(alert)) return alert
  return alert === 'inquiry_opened' ? 'inquiry_closed' : 'dispute_closed'
}

/** A payout of less than zero is a debit: Stripe takes the sum from the bank account to settle a negative balance. */
export function mapFailedPayout({ type, account, object }: StripeEvent): Mapped {
  const id = idOf(object)
  const isDebit = typeof object.amount === 'number' && object.amount < 0
  return forOperator({
    type: `stripe:${type}`,
    fact: id && `payout-failed:${id}`,
    data: withoutNulls({
      alert: isDebit ? 'debit_failed' : 'payout_failed',
      amount: moneyOf(isDebit ? -Number(object.amount) : object.amount, object.currency),
      reason: textOf(object.failure_code),
      message: saidByStripe(object),
      objectId: id,
      account,
    }),
  })
}

/** The codes that the alert has its own words for. */
const worded = [
  'account_closed',
  'account_frozen',
  'could_not_process',
  'debit_not_authorized',
  'invalid_account_number',
  'no_account',
]

/** Stripe's own words, as a sentence, where the code says nothing. */
function saidByStripe({ failure_code: code, failure_message: message }: Fields): string | null {
  const text = typeof code === 'string' && worded.includes(code) ? null : textOf(message)
  if (text === null) return null
  const sentence = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
