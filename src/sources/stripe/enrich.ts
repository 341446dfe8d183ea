// Enriches Stripe's events through Stripe's API.
import Stripe from 'stripe'
import type { Recipient } from '../../domain/event.ts'
import { type Fields, idOf, isFields, listOf } from '../../wire/json.ts'
import type { Enrich, ObjectRef } from '../source.ts'
import { customerOf } from './customer.ts'
import { allRefunds, type StripeEnrichment } from './missing.ts'
import { invoicePaymentOf } from './references.ts'

const addressTimeoutMs = 10_000
/** Shorter, because the message waits for the names but does not depend on them. */
const namesTimeoutMs = 3_000

interface StripeAccess {
  apiKey: string
  /** Protocol, host and port, in place of Stripe's own. */
  apiBase: string | null
}

type Options = Stripe.RequestOptions

export function enrichFromStripe({ apiKey, apiBase }: StripeAccess): Enrich {
  // No retries here: a job repeats the enrichment, so that retries survive this process.
  const stripe = new Stripe(apiKey, { maxNetworkRetries: 0, telemetry: false, ...(apiBase && hostOf(apiBase)) })
  return async ({ account, address, names }) => {
    const as = account ? { stripeAccount: account } : {}
    const notes: string[] = []
    let forbidden: string | null = null
    let recipient: Recipient | null = null
    for (const target of address) {
      const answer = await ask(target, () => retrieve(stripe, target, { ...as, timeout: addressTimeoutMs }))
      if (answer.kind === 'later' || answer.kind === 'never') return answer
      if (answer.kind === 'forbidden') forbidden ??= answer.text
      recipient = answer.kind === 'object' ? recipientOf(target, answer.object) : null
      if (recipient) break
      notes.push(answer.kind === 'object' ? noAddressNote(target, answer.object) : answer.text)
    }
    if (!recipient && forbidden) return { kind: 'never', text: forbidden }
    const fields: Fields = recipient ? { customer: asExpandedCustomer(recipient, address) } : {}
    for (const target of names) {
      const answer = await ask(target, () => namesOf(stripe, target, { ...as, timeout: namesTimeoutMs }))
      if (answer.kind === 'object') Object.assign(fields, answer.object)
      else notes.push(answer.text)
    }
    return { kind: 'found', found: { fields, notes } satisfies StripeEnrichment }
  }
}

function hostOf(apiBase: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const { protocol, hostname, port } = new URL(apiBase)
  const isPlain = protocol === 'http:'
  return { protocol: isPlain ? 'http' : 'https', host: hostname, port: port || (isPlain ? 80 : 443) }
}

async function retrieve(stripe: Stripe, { kind, id }: ObjectRef, options: Options): Promise<unknown> {
  const withCustomer = { expand: ['customer'] }
  switch (kind) {
    case 'customer':
      return stripe.customers.retrieve(id, {}, options)
    case 'payment_intent':
      return stripe.paymentIntents.retrieve(id, { expand: ['latest_charge', 'customer'] }, options)
    case 'charge':
      return stripe.charges.retrieve(id, withCustomer, options)
    case 'invoice':
      return stripe.invoices.retrieve(id, withCustomer, options)
    case 'checkout.session':
      return stripe.checkout.sessions.retrieve(id, withCustomer, options)
    default:
      throw new Error(`unknown kind of Stripe object: ${kind}`)
  }
}

/** A charge's refunds, or the payment's other name in the field that older payloads have; empty if there is none. */
async function namesOf(stripe: Stripe, { kind, id }: ObjectRef, options: Options): Promise<Fields> {
  if (kind === 'charge') {
    const { data, has_more } = await stripe.refunds.list({ charge: id, limit: 100 }, options)
    // An incomplete list lacks the oldest refunds, without which the sums cannot be attributed.
    const brief = ({ id, amount, created, status, reason, presentment_details }: Stripe.Refund) => ({
      ...{ id, amount, created, status, reason, presentment_details },
    })
    return has_more ? {} : { [allRefunds]: data.map(brief) }
  }
  if (kind === 'invoice') {
    const expand = ['payments.data.payment.payment_intent']
    const invoice: Fields = { ...(await stripe.invoices.retrieve(id, { expand }, options)) }
    const intent = invoice.payment_intent ?? invoicePaymentOf(invoice).payment_intent
    return idOf(intent) ? { payment_intent: briefIntent(intent) } : {}
  }
  const of = { payment: { type: 'payment_intent', payment_intent: id } }
  const payments = listOf((await stripe.invoicePayments.list(of, options)).data)
  // None is an answer too: the PaymentIntent pays no invoice.
  return { invoice: idOf(payments.find(({ status }) => status !== 'canceled')?.invoice) }
}

/** What the mappings read of an invoice's PaymentIntent: its id, and what the customer paid in their own currency. */
function briefIntent(intent: unknown): unknown {
  if (!isFields(intent) || !isFields(intent.presentment_details)) return idOf(intent)
  const { id, object, amount, presentment_details } = intent
  return { id, object, amount, presentment_details }
}

type Answer =
  | { kind: 'object'; object: Fields }
  | { kind: 'no-answer'; text: string }
  | { kind: 'forbidden'; text: string }
  | { kind: 'later'; text: string; retryAfterMs: number | null }
  | { kind: 'never'; text: string }

/** Stripe's error texts are not used, since they may contain the end of the key or an address. */
async function ask({ kind, id }: ObjectRef, call: () => Promise<unknown>): Promise<Answer> {
  const what = kind.replaceAll(/[_.]/g, ' ')
  try {
    const object = await call()
    return isFields(object)
      ? { kind: 'object', object }
      : { kind: 'no-answer', text: `Stripe’s answer about ${id} is not a valid ${what}.` }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const { statusCode } = error
    if (statusCode === 401)
      return {
        kind: 'never',
        text: 'Stripe refuses the key in STRIPE_API_KEY (401). Set a valid key, then replay the event.',
      }
    if (statusCode === 403)
      return {
        kind: 'forbidden',
        text: `The key in STRIPE_API_KEY may not read this ${what} (403). Grant it the permission, then replay the event.`,
      }
    if (statusCode === 404) return { kind: 'no-answer', text: `Stripe has no ${what} ${id}.` }
    if (statusCode && statusCode >= 400 && statusCode < 500 && statusCode !== 409 && statusCode !== 429)
      return { kind: 'no-answer', text: `Stripe refused the request for ${id} (${statusCode}).` }
    const text = statusCode
      ? `Stripe answered the request for ${id} with ${statusCode}.`
      : 'Stripe could not be reached.'
    return { kind: 'later', text, retryAfterMs: retryAfterMsOf(error) }
  }
}

function retryAfterMsOf({ headers }: { headers?: Record<string, string> | undefined }): number | null {
  const seconds = Number(headers?.['retry-after'] || Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null
}

function recipientOf({ kind }: ObjectRef, object: Fields): Recipient | null {
  return customerOf(kind === 'customer' ? { customer: object } : object).recipient
}

function noAddressNote({ kind, id }: ObjectRef, object: Fields): string {
  return object.deleted === true
    ? `Stripe has deleted ${id}.`
    : `Stripe has no address of ${kind.replace('.', ' ')} ${id}.`
}

/** The recipient in the form of an expanded `customer`, which the mappings read. */
function asExpandedCustomer({ id, email, phone, name, locale }: Recipient, address: ObjectRef[]): Fields {
  const named = address.find(({ kind }) => kind === 'customer')?.id
  return { id: named ?? id ?? null, email, phone, name, preferred_locales: locale ? [locale] : [] }
}
