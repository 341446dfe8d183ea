// Determines what a Stripe event lacks that Stripe may know: the customer's address, other names of the payment, and
// the parts of a refunded sum.
import { at, type Fields, idOf, isFields, listOf } from '../../wire/json.ts'
import type { Mapped } from '../mapping.ts'
import type { Enrichment, Missing, ObjectRef } from '../source.ts'
import type { StripeEvent } from './event.ts'
import { chargeOf, customerIdOf, invoiceOf, isKind, paymentIntentOf } from './references.ts'

/** Fields that replace those of the event's object, and notes for support staff. */
export interface StripeEnrichment extends Enrichment {
  fields: Fields
  notes: string[]
}

/** Of a thin event. */
export type Content = Pick<StripeEvent, 'object' | 'previous'>

/** The field in which an enriched charge has all its refunds; `refunds` has only those up to the event. */
export const allRefunds = 'all_refunds'

/** The kind of a PaymentIntent that failed: its invoice says whether Stripe tries again. */
export const failedIntent = 'failed_payment_intent'

export function isStripeEnrichment(found: Enrichment | null | undefined): found is StripeEnrichment {
  return isFields(found?.fields) && Array.isArray(found.notes)
}

/** The event with the content and the fields that were found so far. */
export function withEnrichment(event: StripeEvent, found: Enrichment | null): StripeEvent {
  const { object, previous } = at(found, 'content')
  const whole = isFields(object) ? { ...event, object, previous: at({ previous }, 'previous'), thin: null } : event
  return isStripeEnrichment(found) ? { ...whole, object: { ...whole.object, ...found.fields } } : whole
}

/** Where the content of a thin event is. The snapshot comes first, as it has the object at the time of the event. */
export function contentMissingFrom({ account, context, thin }: StripeEvent): Missing | null {
  const snapshot = thin?.snapshot ? [{ kind: 'event', id: thin.snapshot }] : []
  const related = thin?.related ? [{ kind: 'path', id: thin.related.path }] : []
  const content = [...snapshot, ...related]
  return content.length > 0 ? { account, context, content, address: [], names: [] } : null
}

/** Null if nothing is missing or there is no object to ask for. */
export function missingFrom({ object, account, context }: StripeEvent, { content, fault }: Mapped): Missing | null {
  const [recipient] = content.recipients
  const lacksAddress = recipient ? !recipient.email : fault?.code === 'no_recipient'
  const address = lacksAddress ? addressCandidates(object) : []
  const names = content.type.startsWith('payment.')
    ? missingNames(object, content.type)
    : missingRefunds(object, content)
  return address.length + names.length > 0 ? { account, context, content: [], address, names } : null
}

/** The customer comes first, as it takes one call and also has the name, then the payment. */
function addressCandidates(object: Fields): ObjectRef[] {
  const targets: [kind: string, id: string | null][] = [
    ['customer', idOf(object.customer)],
    ['account', idOf(object.customer_account)],
    ['payment_intent', paymentIntentOf(object)],
    ['charge', isKind(object, 'charge') ? idOf(object) : (idOf(object.charge) ?? idOf(chargeOf(object)))],
    ['invoice', invoiceOf(object)],
    ['checkout.session', isKind(object, 'checkout.session') ? idOf(object) : null],
  ]
  return targets.flatMap(([kind, id]) => (id ? [{ kind, id }] : []))
}

/**
 * The charge, if it does not list its refunds, as since 2022-11-15: they say which part of the sum this one is, whether it
 * is pending, and what the customer gets in their own currency.
 */
function missingRefunds(object: Fields, { refund }: Mapped['content']): ObjectRef[] {
  return refund && listOf(at(object, 'refunds').data).length === 0 ? [{ kind: 'charge', id: refund.charge }] : []
}

/**
 * Since 2025-03-31.basil a PaymentIntent has no field `invoice`, and an invoice no field `payment_intent`. In older
 * versions an empty field means that there is none. An invoice always has a customer.
 */
function missingNames(object: Fields, type: string): ObjectRef[] {
  const id = idOf(object)
  if (!id || !customerIdOf(object)) return []
  if (isKind(object, 'payment_intent') && !('invoice' in object) && !invoiceOf(object))
    return [{ kind: type === 'payment.failed' ? failedIntent : 'payment_intent', id }]
  if (isKind(object, 'invoice') && !('payment_intent' in object) && !paymentIntentOf(object))
    return [{ kind: 'invoice', id }]
  return []
}
