// The references of a Razorpay event: the shop's names in its notes, and the ids of its entities.
import { at, type Fields, idOf } from '../../wire/json.ts'
import { orderNamesIn, orderNumberIn, referencesIn } from '../../wire/order-names.ts'
import { distinct } from '../mapping.ts'
import type { RazorpayEvent } from './event.ts'

/** The shop's names come first, then the payment's id, then the entities' ids. */
export function referencesOf({ payment, refund, dispute, entities, orderKeys }: RazorpayEvent): string[] {
  return distinct([
    ...referencesIn([refund, payment, ...entities].map(notesOf), orderKeys),
    idOf(payment),
    idOf(refund.payment_id),
    idOf(dispute.payment_id),
    ...entities.map(idOf),
    idOf(payment.order_id),
  ])
}

export function orderNumberOf({ payment, refund, entities, orderKeys }: RazorpayEvent): string | null {
  return orderNumberIn(orderNamesIn([refund, payment, ...entities].map(notesOf), orderKeys))
}

/** Without notes, Razorpay has an empty list instead of an object. */
function notesOf(entity: Fields): Fields {
  return at(entity, 'notes')
}
