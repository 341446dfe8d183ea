// The references of a Razorpay event: the shop's names in its notes, and the ids of its entities.
import { at, type Fields, idOf, textOf } from '../../wire/json.ts'
import { distinct } from '../mapping.ts'
import type { RazorpayEvent } from './event.ts'

/** The shop's names come first, then the payment's id, then the entities' ids. */
export function referencesOf({ payment, refund, entities }: RazorpayEvent): string[] {
  const noted = [refund, payment, ...entities].map(notesOf)
  return distinct([
    ...noted.map(({ reference }) => noteText(reference)),
    ...noted.map(({ order_number }) => noteText(order_number)),
    ...noted.map(({ order_id }) => noteText(order_id)),
    idOf(payment),
    idOf(refund.payment_id),
    ...entities.map(idOf),
    idOf(payment.order_id),
  ])
}

export function orderNumberOf({ payment, refund }: RazorpayEvent): string | null {
  const noted = [refund, payment].map(notesOf)
  const names = [...noted.map(({ order_number }) => order_number), ...noted.map(({ order_id }) => order_id)]
  // The limit of an order number in an email.
  return names.map((name) => noteText(name, 100)).find((name) => name !== null) ?? null
}

/** Without notes, Razorpay has an empty list instead of an object. */
function notesOf(entity: Fields): Fields {
  return at(entity, 'notes')
}

/** A note may be a number, if the shop's code set one. */
function noteText(value: unknown, maxLength?: number): string | null {
  return textOf(Number.isSafeInteger(value) ? String(value) : value, maxLength)
}
