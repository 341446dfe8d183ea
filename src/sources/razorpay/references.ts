// What a Razorpay event can be found by: the shop's own names for it, and the ids of what it is about.
import { at, type Fields, idOf, textOf } from '../../wire/json.ts'
import { distinct } from '../mapping.ts'
import type { RazorpayEvent } from './event.ts'

/** The best name first: the shop's own, else the payment's id, else the entity's. */
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
  // As long as an order's number may be in an email.
  return names.map((name) => noteText(name, 100)).find((name) => name !== null) ?? null
}

/** Razorpay writes no notes as an empty list. */
function notesOf(entity: Fields): Fields {
  return at(entity, 'notes')
}

/** A note may be a number where the shop's own code wrote one. */
function noteText(value: unknown, maxLength?: number): string | null {
  return textOf(Number.isSafeInteger(value) ? String(value) : value, maxLength)
}
