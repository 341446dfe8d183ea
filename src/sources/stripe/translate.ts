// Translates Stripe's events: to our types if somebody is notified, or else under Stripe's own names.
import type { EventContent } from '../../domain/event.ts'
import { reason } from '../../domain/reason.ts'
import { dateOf } from '../../wire/json.ts'
import { distinct, isSilent, type Mapped, type Silent, translationOf, unmapped } from '../mapping.ts'
import type { Enrichment, Translation } from '../source.ts'
import { mapDispute, mapFailedPayout } from './alert.ts'
import { readStripeEvent, type StripeEvent } from './event.ts'
import { mapFailedRefund } from './failed-refund.ts'
import { isStripeEnrichment, missingFrom, withEnrichment } from './missing.ts'
import { mapPayment } from './payment.ts'
import { orderKeysField, referencesOf } from './references.ts'
import { mapRefund } from './refund.ts'
import { mapCancellation, mapTrialEnd, mapUpcomingInvoice } from './subscription.ts'

const setKeyAdvice = 'Set STRIPE_API_KEY and replay the event, so that Stripe is asked for an address.'
const addAddressAdvice = 'Set an address on the object at Stripe.'

/** By Stripe's type. A mapping returns null if the event is none of ours. */
const mappings = new Map<string, (event: StripeEvent) => Mapped | Silent | null>([
  ['payment_intent.succeeded', mapPayment],
  ['payment_intent.payment_failed', mapPayment],
  ['invoice.paid', mapPayment],
  ['invoice.payment_failed', mapPayment],
  ['invoice.upcoming', mapUpcomingInvoice],
  ['checkout.session.completed', mapPayment],
  ['checkout.session.async_payment_succeeded', mapPayment],
  ['checkout.session.async_payment_failed', mapPayment],
  ['charge.refunded', mapRefund],
  ['charge.refund.updated', mapFailedRefund],
  ['refund.failed', mapFailedRefund],
  ['refund.updated', mapFailedRefund],
  ['charge.dispute.created', mapDispute],
  ['customer.subscription.trial_will_end', mapTrialEnd],
  ['customer.subscription.deleted', mapCancellation],
  ['payout.failed', mapFailedPayout],
])

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
  const event = withOrderKeys(isStripeEnrichment(found) ? withEnrichment(asSent, found) : asSent, orderKeys)
  const mapped = mappings.get(event.type)?.(event)
  const { id } = asSent
  if (!mapped || isSilent(mapped)) return { ...translationOf(envelopeOf(event), mapped), id }
  const missing = isStripeEnrichment(found) ? null : missingFrom(event, mapped)
  const help = isStripeEnrichment(found) ? distinct(found.notes).join(' ') : missing ? setKeyAdvice : addAddressAdvice
  const { fault: lack } = mapped
  const fault =
    lack?.code === 'no_recipient'
      ? reason('no_recipient', { detail: `${lack.params.detail ?? ''} ${help}`.trim() })
      : lack
  return { ...translationOf(envelopeOf(event), { ...mapped, fault }), id, ...(missing && { missing }) }
}

function withOrderKeys(event: StripeEvent, orderKeys: readonly string[]): StripeEvent {
  return { ...event, object: { ...event.object, [orderKeysField]: orderKeys } }
}

function envelopeOf({ type, object, livemode, created }: StripeEvent): EventContent {
  const references = referencesOf(object)
  return unmapped('stripe', { sourceType: type, references, livemode, occurredAt: dateOf(created) })
}
