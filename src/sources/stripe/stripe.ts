// Stripe: its snapshot events, verified by its own package. http/webhooks.ts asks it. An event becomes one of ours
// where people are told of it (`tellings`); the others are kept under Stripe's own name.
import Stripe from 'stripe'
import type { EventContent } from '../../domain/event.ts'
import { dateOf } from '../../wire/json.ts'
import { distinct, type Telling, translated, untold } from '../mapping.ts'
import type { Found, Headers, Source, Translation, Verified } from '../source.ts'
import { tellingOfDispute, tellingOfFailedPayout } from './alert.ts'
import { readStripeEvent, type StripeEvent } from './event.ts'
import { completed, isStripeFound, needsOf } from './needs.ts'
import { tellingOfPayment } from './payment.ts'
import { referencesOf } from './references.ts'
import { tellingOfRefund } from './refund.ts'
import { tellingOfCancellation, tellingOfTrialEnd, tellingOfUpcoming } from './subscription.ts'

const toleranceSeconds = 300

/** What would help where nobody can be told. */
const byKey = 'Set STRIPE_API_KEY and replay the event: Stripe is then asked for an address.'
const onObject = 'Have Stripe put an address on the object itself.'

/** What is told, by the type of event; null where there is nothing to tell after all. */
const tellings = new Map<string, (event: StripeEvent) => Telling | null>([
  ['payment_intent.succeeded', tellingOfPayment],
  ['payment_intent.payment_failed', tellingOfPayment],
  ['invoice.paid', tellingOfPayment],
  ['invoice.payment_failed', tellingOfPayment],
  ['invoice.upcoming', tellingOfUpcoming],
  ['checkout.session.completed', tellingOfPayment],
  ['checkout.session.async_payment_succeeded', tellingOfPayment],
  ['checkout.session.async_payment_failed', tellingOfPayment],
  ['charge.refunded', tellingOfRefund],
  ['charge.dispute.created', tellingOfDispute],
  ['customer.subscription.trial_will_end', tellingOfTrialEnd],
  ['customer.subscription.deleted', tellingOfCancellation],
  ['payout.failed', tellingOfFailedPayout],
])

/** Stripe as a source. The secrets of several endpoints, or of test and live mode, are all good. */
export function stripeSource({ webhookSecrets }: { webhookSecrets: string[] }): Source {
  return {
    name: 'stripe',
    answersForItsData: false,
    verify: (raw, headers, nowMs) => verify(webhookSecrets, raw, headers, nowMs),
    translate: translateStripe,
  }
}

function verify(secrets: string[], raw: Buffer, headers: Headers, nowMs: number): Verified {
  const header = headers['stripe-signature']
  const timestamp = typeof header === 'string' ? timestampOf(header) : null
  if (typeof header !== 'string' || timestamp === null)
    return unverified('The header Stripe-Signature is needed, once, with one timestamp and its signatures.')
  // The package refuses old timestamps only.
  if (Math.abs(Math.floor(nowMs / 1000) - timestamp) > toleranceSeconds)
    return unverified(`The signature's timestamp is more than ${toleranceSeconds} seconds from our clock.`)
  if (!secrets.some((secret) => isSignedWith(secret, raw, header, nowMs)))
    return unverified('No signature matches the body.')
  const read = readStripeEvent(raw)
  return read.ok ? { ok: true, sourceId: read.event.id } : { ok: false, status: 400, detail: read.detail }
}

function unverified(detail: string): Verified {
  return { ok: false, status: 401, detail }
}

/** Null where there is not exactly one. Stripe sends no spaces; Node joins a header sent twice with one. */
function timestampOf(header: string): number | null {
  if (/\s/.test(header)) return null
  const [first, ...more] = header.split(',').filter((item) => item.startsWith('t='))
  return first && more.length === 0 && /^t=\d{1,15}$/.test(first) ? Number(first.slice(2)) : null
}

function isSignedWith(secret: string, raw: Buffer, header: string, nowMs: number): boolean {
  try {
    const { signature } = Stripe.webhooks
    return signature?.verifyHeader(raw, header, secret, toleranceSeconds, undefined, nowMs) === true
  } catch {
    return false
  }
}

/** The event in our words, completed by what was found; else with what it leaves open. */
export function translateStripe(raw: Buffer, found?: Found | null): Translation {
  const read = readStripeEvent(raw)
  if (!read.ok) return { ok: false, kind: 'refused', status: 400, detail: read.detail }
  const event = isStripeFound(found) ? completed(read.event, found) : read.event
  const telling = tellings.get(event.type)?.(event)
  if (!telling) return translated(untoldOf(event), null)
  const needs = isStripeFound(found) ? null : needsOf(event, telling)
  const help = isStripeFound(found) ? distinct(found.notes).join(' ') : needs ? byKey : onObject
  const fault =
    telling.fault?.code === 'no_recipient' ? { ...telling.fault, text: `${telling.fault.text} ${help}` } : telling.fault
  return { ...translated(untoldOf(event), { ...telling, fault }), ...(needs && { needs }) }
}

function untoldOf({ type, object, livemode, created }: StripeEvent): EventContent {
  const references = referencesOf(object)
  return untold('stripe', { sourceType: type, references, livemode, occurredAt: dateOf(created) })
}
