// What Stripe tells a merchant and not their customers: a payment is disputed, a payout has failed. stripe.ts asks for
// each event of these types; the operator is told, whatever is known of it.
import { at, dateOf, idOf, textOf } from '../../wire/json.ts'
import { distinct, moneyOf, type Telling, withoutNulls } from '../mapping.ts'
import { toOperator } from './addressed.ts'
import type { StripeEvent } from './event.ts'
import { referencesOf } from './references.ts'

export function tellingOfDispute({ type, account, object }: StripeEvent): Telling {
  const id = idOf(object)
  return toOperator({
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

export function tellingOfFailedPayout({ type, account, object }: StripeEvent): Telling {
  const id = idOf(object)
  return toOperator({
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
