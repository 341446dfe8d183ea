// What a Stripe event leaves open that Stripe could say: an address for the customer, by which other names the payment goes,
// and which part of a sum was refunded.
import { type Fields, idOf, isFields } from '../../wire/json.ts'
import type { Mapped } from '../mapping.ts'
import type { Found, Needs, ObjectRef } from '../source.ts'
import type { StripeEvent } from './event.ts'
import { chargeOf, invoiceOf, isKind, paymentIntentOf } from './references.ts'

/** Fields that stand in for those of the event's object, and what Stripe answered, for support staff. */
export interface StripeFound extends Found {
  fields: Fields
  notes: string[]
}

/** The field of a charge under which all its refunds are found: `refunds` is those of its time alone. */
export const allRefunds = 'all_refunds'

export function isStripeFound(found: Found | null | undefined): found is StripeFound {
  return isFields(found?.fields) && Array.isArray(found.notes)
}

/** The event as it would have come, had Stripe said all of this in it. */
export function withFound(event: StripeEvent, { fields }: StripeFound): StripeEvent {
  return { ...event, object: { ...event.object, ...fields } }
}

/** Null where nothing is open, or nobody could be asked. */
export function missingFrom({ object, account }: StripeEvent, { content, fault }: Mapped): Needs | null {
  const [recipient] = content.recipients
  const lacksAddress = recipient ? !recipient.email : fault?.code === 'no_recipient'
  const address = lacksAddress ? addressCandidates(object) : []
  const names = content.type.startsWith('payment.') ? missingNames(object) : missingRefunds(content)
  return address.length + names.length > 0 ? { account, address, names } : null
}

/** The customer first: one call, and what they call themselves. Then what they paid with. */
function addressCandidates(object: Fields): ObjectRef[] {
  const targets: [kind: string, id: string | null][] = [
    ['customer', idOf(object.customer)],
    ['payment_intent', paymentIntentOf(object)],
    ['charge', isKind(object, 'charge') ? idOf(object) : (idOf(object.charge) ?? idOf(chargeOf(object)))],
    ['invoice', invoiceOf(object)],
    ['checkout.session', isKind(object, 'checkout.session') ? idOf(object) : null],
  ]
  return targets.flatMap(([kind, id]) => (id ? [{ kind, id }] : []))
}

/** A sum of which nothing says what its refunds are. */
function missingRefunds({ refund }: Mapped['content']): ObjectRef[] {
  return refund?.before === null ? [{ kind: 'charge', id: refund.charge }] : []
}

/**
 * A PaymentIntent has no field `invoice` since 2025-03-31.basil, and an invoice none for its PaymentIntent. Of the older
 * versions an empty field says that there is none, and an invoice is always a customer's.
 */
function missingNames(object: Fields): ObjectRef[] {
  const id = idOf(object)
  if (!id || !idOf(object.customer)) return []
  if (isKind(object, 'payment_intent') && !('invoice' in object) && !invoiceOf(object))
    return [{ kind: 'payment_intent', id }]
  if (isKind(object, 'invoice') && !('payment_intent' in object) && !paymentIntentOf(object))
    return [{ kind: 'invoice', id }]
  return []
}
