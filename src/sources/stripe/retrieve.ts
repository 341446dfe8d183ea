// Retrieves objects from Stripe's API, and classifies its refusals.
import Stripe from 'stripe'
import { at, type Fields, idOf, isFields, listOf } from '../../wire/json.ts'
import type { ObjectRef } from '../source.ts'
import { UnreadableAnswer } from './client.ts'
import { allRefunds, failedIntent } from './missing.ts'
import { invoicePaymentOf } from './references.ts'

type Options = Stripe.RequestOptions

export async function retrieve(stripe: Stripe, { kind, id }: ObjectRef, options: Options): Promise<unknown> {
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
    case 'account':
      return asCustomer(await stripe.v2.core.accounts.retrieve(id, { include: accountParts }, options))
    case 'event':
      return stripe.events.retrieve(id, {}, options)
    case 'path':
      return stripe.rawRequest('GET', id, {}, options)
    default:
      throw new Error(`unknown kind of Stripe object: ${kind}`)
  }
}

const accountParts: Stripe.V2.Core.AccountRetrieveParams.Include[] = ['configuration.customer', 'defaults', 'identity']

/** An account that is a customer, in the form of a customer. */
function asCustomer(account: unknown): Fields {
  const person = at(account, 'identity', 'individual')
  const fullName = [person.given_name, person.surname].filter((name) => typeof name === 'string').join(' ')
  const { id, contact_email, contact_phone, display_name, closed } = at({ account }, 'account')
  const { default_payment_method } = at(account, 'configuration', 'customer', 'billing')
  return {
    ...{ id, email: contact_email ?? person.email, phone: contact_phone ?? person.phone },
    ...{ name: display_name ?? fullName, preferred_locales: at({ account }, 'account', 'defaults').locales },
    ...{ invoice_settings: { default_payment_method }, deleted: closed === true },
  }
}

/** A charge's refunds, or the payment's other name in the field that older payloads have; empty if there is none. */
export async function namesOf(stripe: Stripe, { kind, id }: ObjectRef, options: Options): Promise<Fields> {
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
  const expand = kind === failedIntent ? { expand: ['data.invoice'] } : {}
  const payments = listOf((await stripe.invoicePayments.list({ ...of, ...expand }, options)).data)
  // None is an answer too: the PaymentIntent pays no invoice.
  return { invoice: briefInvoice(payments.find(({ status }) => status !== 'canceled')?.invoice) }
}

/** What the mappings read of a failed PaymentIntent's invoice: its id, and whether and where it is paid again. */
function briefInvoice(invoice: unknown): unknown {
  if (!isFields(invoice) || invoice.status !== 'open') return idOf(invoice)
  const { id, object, status, collection_method, attempted, next_payment_attempt, hosted_invoice_url } = invoice
  return { ...{ id, object, status, collection_method, attempted, next_payment_attempt, hosted_invoice_url } }
}

/** What the mappings read of an invoice's PaymentIntent: its id, and what the customer paid in their own currency. */
function briefIntent(intent: unknown): unknown {
  if (!isFields(intent) || !isFields(intent.presentment_details)) return idOf(intent)
  const { id, object, amount, presentment_details } = intent
  return { id, object, amount, presentment_details }
}

export type Answer =
  | { kind: 'object'; object: Fields }
  | { kind: 'no-answer'; text: string }
  | { kind: 'forbidden'; text: string }
  | { kind: 'later'; text: string; retryAfterMs: number | null }
  | { kind: 'never'; text: string }

/** The name of a kind of object in a sentence. */
export function kindInWords(kind: string): string {
  return kind === 'path' ? 'object' : kind.replaceAll(/[_.]/g, ' ')
}

/** Stripe's error texts are not used, since they may contain the end of the key or an address. */
export async function ask({ kind, id }: ObjectRef, call: () => Promise<unknown>): Promise<Answer> {
  const what = kindInWords(kind)
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
    return { kind: 'later', text: textOfFailure(error, id), retryAfterMs: retryAfterMsOf(error) }
  }
}

function textOfFailure(error: Stripe.errors.StripeError, id: string): string {
  const { exception } = at(error, 'raw')
  const isUnreadable = exception instanceof UnreadableAnswer
  const statusCode = isUnreadable ? exception.statusCode : error.statusCode
  if (statusCode && !(isUnreadable && statusCode < 400))
    return `Stripe answered the request for ${id} with ${statusCode}.`
  return isUnreadable ? `Stripe’s answer about ${id} could not be read.` : 'Stripe could not be reached.'
}

function retryAfterMsOf({ headers }: { headers?: Record<string, string> | undefined }): number | null {
  const seconds = Number(headers?.['retry-after'] || Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null
}
