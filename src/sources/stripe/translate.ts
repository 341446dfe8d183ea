// Translates Stripe's events: to our types if somebody is notified, or else under Stripe's own names.
import type { EventContent } from '../../domain/event.ts'
import { reason } from '../../domain/reason.ts'
import { dateOf } from '../../wire/json.ts'
import { distinct, isSilent, type Mapped, type Silent, translationOf, unmapped } from '../mapping.ts'
import type { Enrichment, Translation } from '../source.ts'
import { mapDispute, mapFailedPayout } from './alert.ts'
import { readStripeEvent, type StripeEvent } from './event.ts'
import { mapFailedRefund } from './failed-refund.ts'
import { contentMissingFrom, isStripeEnrichment, missingFrom, withEnrichment } from './missing.ts'
import { mapPayment } from './payment.ts'
import { invoiceNumberOf, orderKeysField, referencesOf } from './references.ts'
import { mapRefund } from './refund.ts'
import { mapCancellation, mapSubscriptionChange, mapTrialEnd, mapUpcomingInvoice } from './subscription.ts'

const fetchAdvice = 'Set STRIPE_API_KEY and replay the event, so that its content is fetched from Stripe.'
const noContentAdvice = 'It names neither a snapshot nor an object of Stripe’s API.'
const setKeyAdvice = 'Set STRIPE_API_KEY and replay the event, so that Stripe is asked for an address.'
const addAddressAdvice = 'Set an address on the object at Stripe.'

/** By Stripe's type. A mapping returns null if the event is none of ours. */
const mappings = new Map<string, (event: StripeEvent) => Mapped | Silent | null>([
  ['payment_intent.succeeded', mapPayment],
  ['payment_intent.payment_failed', mapPayment],
  ['invoice.paid', mapPayment],
  ['invoice.payment_failed', mapPayment],
  ['invoice.upcoming', mapUpcomingInvoice],
  ['invoice_payment.paid', () => ({ silent: reason('nothing_new', { cause: 'payment_link' }) })],
  ['checkout.session.completed', mapPayment],
  ['checkout.session.async_payment_succeeded', mapPayment],
  ['checkout.session.async_payment_failed', mapPayment],
  ['charge.refunded', mapRefund],
  ['charge.refund.updated', mapFailedRefund],
  ['refund.failed', mapFailedRefund],
  ['refund.updated', mapFailedRefund],
  ['charge.dispute.created', mapDispute],
  ['charge.dispute.closed', mapDispute],
  ['customer.subscription.trial_will_end', mapTrialEnd],
  ['customer.subscription.updated', mapSubscriptionChange],
  ['customer.subscription.paused', mapSubscriptionChange],
  ['customer.subscription.resumed', mapSubscriptionChange],
  ['customer.subscription.deleted', mapCancellation],
  ['payout.failed', mapFailedPayout],
])

/** The types that are read. */
export const types: readonly string[] = [...mappings.keys()]

/** Our type of an event whose content is not known yet. */
const ourTypes: Record<string, string> = {
  'payment_intent.succeeded': 'payment.received',
  'payment_intent.payment_failed': 'payment.failed',
  'invoice.paid': 'payment.received',
  'invoice.payment_failed': 'payment.failed',
  'invoice.upcoming': 'installment.scheduled',
  'checkout.session.completed': 'payment.received',
  'checkout.session.async_payment_succeeded': 'payment.received',
  'checkout.session.async_payment_failed': 'payment.failed',
  'charge.refunded': 'refund.processed',
  'customer.subscription.updated': 'subscription.ending',
  'customer.subscription.paused': 'subscription.ending',
  'customer.subscription.resumed': 'subscription.resumed',
}

export function translateStripe(
  raw: Buffer,
  found: Enrichment | null = null,
  orderKeys: readonly string[] = [],
): Translation {
  const read = readStripeEvent(raw)
  if (!read.ok) return { ok: false, kind: 'refused', status: 400, detail: read.detail }
  return translateEvent(read.event, { found, orderKeys })
}

/** The event with its enrichment, or else with what it lacks. */
export function translateEvent(
  asSent: StripeEvent,
  { found = null, orderKeys }: { found?: Enrichment | null; orderKeys: readonly string[] },
): Translation {
  const event = withOrderKeys(withEnrichment(asSent, found), orderKeys)
  if (event.thin) return pointerOf(event)
  const mapped = mappings.get(event.type)?.(event)
  const { id } = asSent
  if (!mapped) return { ...translationOf(envelopeOf(event), null), id }
  // Under the type of its snapshot, by which others find it.
  if (isSilent(mapped)) return { ...translationOf({ ...envelopeOf(event), type: `stripe:${event.type}` }, mapped), id }
  const missing = isStripeEnrichment(found) ? null : missingFrom(event, mapped)
  const help = isStripeEnrichment(found) ? distinct(found.notes).join(' ') : missing ? setKeyAdvice : addAddressAdvice
  const { fault: lack } = mapped
  const fault =
    lack?.code === 'no_recipient'
      ? reason('no_recipient', { detail: `${lack.params.detail ?? ''} ${help}`.trim() })
      : lack
  return { ...translationOf(envelopeOf(event), { ...mapped, fault }), id, ...(missing && { missing }) }
}

/** A thin event whose content is not known yet. Until then it is related to no other event. */
function pointerOf(event: StripeEvent): Translation {
  const envelope = envelopeOf(event)
  if (!mappings.has(event.type)) return { ...translationOf(envelope, null), id: event.id }
  const missing = contentMissingFrom(event)
  const id = event.thin?.related?.id ?? null
  const type = ourTypes[event.type] ?? `stripe:${event.type}`
  const content = { ...envelope, type, reference: id, references: [], mentions: id ? [id] : [] }
  const fault = reason('no_content', { detail: missing ? fetchAdvice : noContentAdvice })
  return { ok: false, kind: 'incomplete', id: event.id, content, fault, ...(missing && { missing }) }
}

function withOrderKeys(event: StripeEvent, orderKeys: readonly string[]): StripeEvent {
  // Copying an object of 90,000 fields takes 75 ms.
  if (orderKeys.length === 0) return event
  return { ...event, object: { ...event.object, [orderKeysField]: orderKeys } }
}

function envelopeOf({ sourceType, object, livemode, created }: StripeEvent): EventContent {
  const references = referencesOf(object)
  const content = unmapped('stripe', { sourceType, references, livemode, occurredAt: dateOf(created) })
  // Customers quote it. Accounts may have the same, so it relates the event to no other.
  const invoiceNumber = invoiceNumberOf(object)
  return invoiceNumber === null ? content : { ...content, mentions: [invoiceNumber] }
}
