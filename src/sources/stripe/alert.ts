// Maps Stripe's events for the merchant: a disputed payment and a failed payout.
import { at, dateOf, idOf, textOf } from '../../wire/json.ts'
import { distinct, type Mapped, moneyOf, withoutNulls } from '../mapping.ts'
import { forOperator } from './addressee.ts'
import type { StripeEvent } from './event.ts'
import { referencesOf } from './references.ts'

export function mapDispute({ type, account, object }: StripeEvent): Mapped {
  const id = idOf(object)
  return forOperator({
    type: `stripe:${type}`,
    fact: id && `dispute:${id}`,
    references: distinct([...referencesOf(object), idOf(object.charge)]),
    data: withoutNulls({
      alert: 'dispute_created',
      amount: moneyOf(object.amount, object.currency),
      reason: textOf(object.reason),
      objectId: id,
      respondBy: dateOf(at(object, 'evidence_details').due_by)?.toISOString(),
      account,
    }),
  })
}

export function mapFailedPayout({ type, account, object }: StripeEvent): Mapped {
  const id = idOf(object)
  return forOperator({
    type: `stripe:${type}`,
    fact: id && `payout-failed:${id}`,
    data: withoutNulls({
      alert: 'payout_failed',
      amount: moneyOf(object.amount, object.currency),
      reason: textOf(object.failure_code),
      message: textOf(object.failure_message),
      objectId: id,
      account,
    }),
  })
}
