// Enriches Stripe's events through Stripe's API: with the content of thin events, addresses, and names of payments.
import type Stripe from 'stripe'
import type { Recipient } from '../../domain/event.ts'
import { type Fields, isFields } from '../../wire/json.ts'
import type { Enrich, EnrichmentAnswer, Missing, ObjectRef } from '../source.ts'
import { stripeClient } from './client.ts'
import { customerOf } from './customer.ts'
import { readSnapshot } from './event.ts'
import type { Content, StripeEnrichment } from './missing.ts'
import { ask, kindInWords, namesOf, retrieve } from './retrieve.ts'

const addressTimeoutMs = 10_000
/** Shorter, because the message waits for the names but does not depend on them. */
const namesTimeoutMs = 3_000

interface StripeAccess {
  apiKey: string
  /** Protocol, host and port, in place of Stripe's own. */
  apiBase: string | null
}

interface Asking {
  stripe: Stripe
  /** The account that is asked in. */
  as: Stripe.RequestOptions
}

export function enrichFromStripe({ apiKey, apiBase }: StripeAccess): Enrich {
  // No retries here: a job repeats the enrichment, so that retries survive this process.
  const stripe = stripeClient(apiKey, { maxNetworkRetries: 0, telemetry: false, ...(apiBase && hostOf(apiBase)) })
  return (missing) => {
    const asking = { stripe, as: accountOf(missing) }
    return missing.content.length > 0 ? findContent(asking, missing.content) : findDetails(asking, missing)
  }
}

function hostOf(apiBase: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  const { protocol, hostname, port } = new URL(apiBase)
  const isPlain = protocol === 'http:'
  return { protocol: isPlain ? 'http' : 'https', host: hostname, port: port || (isPlain ? 80 : 443) }
}

/** The context names the account itself, so that a connected account need not be named besides. */
function accountOf({ account, context }: Missing): Stripe.RequestOptions {
  if (context) return { stripeContext: context }
  return account ? { stripeAccount: account } : {}
}

/** The content of a thin event. Its snapshot may be gone or forbidden; then the object as it is now has to do. */
async function findContent({ stripe, as }: Asking, targets: ObjectRef[]): Promise<EnrichmentAnswer> {
  const texts: string[] = []
  for (const target of targets) {
    const answer = await ask(target, () => retrieve(stripe, target, { ...as, timeout: addressTimeoutMs }))
    if (answer.kind === 'later' || answer.kind === 'never') return answer
    const content = answer.kind === 'object' ? contentOf(target, answer.object) : null
    if (content) return { kind: 'found', found: { content } }
    texts.push(answer.kind === 'object' ? `Stripe’s answer about ${target.id} has no object.` : answer.text)
  }
  return { kind: 'never', text: texts.join(' ') }
}

function contentOf({ kind }: ObjectRef, answer: Fields): Content | null {
  if (kind !== 'event') return { object: answer, previous: {} }
  const read = readSnapshot(answer)
  return read.ok ? { object: read.event.object, previous: read.event.previous } : null
}

async function findDetails({ stripe, as }: Asking, { address, names }: Missing): Promise<EnrichmentAnswer> {
  const notes: string[] = []
  let forbidden: string | null = null
  let customer: Fields | null = null
  for (const target of address) {
    const answer = await ask(target, () => retrieve(stripe, target, { ...as, timeout: addressTimeoutMs }))
    if (answer.kind === 'later' || answer.kind === 'never') return answer
    if (answer.kind === 'forbidden') forbidden ??= answer.text
    customer = answer.kind === 'object' ? customerIn(target, answer.object, address) : null
    if (customer) break
    notes.push(answer.kind === 'object' ? noAddressNote(target, answer.object) : answer.text)
  }
  if (!customer && forbidden) return { kind: 'never', text: forbidden }
  const fields: Fields = customer ? { customer } : {}
  for (const target of names) {
    const answer = await ask(target, () => namesOf(stripe, target, { ...as, timeout: namesTimeoutMs }))
    if (answer.kind === 'object') Object.assign(fields, answer.object)
    else notes.push(answer.text)
  }
  return { kind: 'found', found: { fields, notes } satisfies StripeEnrichment }
}

/** An expanded `customer`, as the mappings read it; null if the object has no address. */
function customerIn({ kind }: ObjectRef, object: Fields, address: ObjectRef[]): Fields | null {
  const isCustomer = kind === 'customer' || kind === 'account'
  const { recipient } = customerOf(isCustomer ? { customer: object } : object)
  return recipient && { ...asExpandedCustomer(recipient, address), ...(isCustomer && defaultsOf(object)) }
}

function asExpandedCustomer({ id, email, phone, name, locale }: Recipient, address: ObjectRef[]): Fields {
  const named = address.find(({ kind }) => kind === 'customer' || kind === 'account')?.id
  return { id: named ?? id ?? null, email, phone, name, preferred_locales: locale ? [locale] : [] }
}

/** The customer's default way to pay, by which a trial goes on. */
function defaultsOf({ invoice_settings, default_source }: Fields): Fields {
  return { ...(isFields(invoice_settings) && { invoice_settings }), ...(default_source ? { default_source } : {}) }
}

function noAddressNote({ kind, id }: ObjectRef, object: Fields): string {
  return object.deleted === true ? `Stripe has deleted ${id}.` : `Stripe has no address for ${kindInWords(kind)} ${id}.`
}
