// Maps a Stripe refund that failed or was canceled, for the merchant: the customer may have been notified of it and does not get the money.
import { failedRefundFact } from '../../domain/fact.ts'
import { reason } from '../../domain/reason.ts'
import { idOf, textOf } from '../../wire/json.ts'
import { distinct, type Mapped, moneyOf, type Silent, withoutNulls } from '../mapping.ts'
import { forOperator } from './addressee.ts'
import type { StripeEvent } from './event.ts'
import { referencesOf } from './references.ts'

/** Stripe says it by several events; those that are about any change are of a failure if the status is. */
export function mapFailedRefund({ type, account, object }: StripeEvent): Mapped | Silent {
  if (type !== 'refund.failed' && object.status !== 'failed' && object.status !== 'canceled')
    return { silent: reason('nothing_new', { cause: 'refund_not_failed' }) }
  const id = idOf(object)
  return forOperator({
    type: `stripe:${type}`,
    fact: id && failedRefundFact(id),
    references: distinct([...referencesOf(object), idOf(object.charge)]),
    data: withoutNulls({
      alert: 'refund_failed',
      amount: moneyOf(object.amount, object.currency),
      reason: textOf(object.failure_reason) ?? (object.status === 'canceled' ? 'canceled' : null),
      objectId: id,
      account,
    }),
  })
}
