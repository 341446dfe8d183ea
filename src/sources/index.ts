// The list of sources: who may call, and how to read again what each of them sent. start.ts makes it once.
import { reservedNames } from '../domain/event.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import { appSource } from './app/app.ts'
import { translateAppBody, type WhoListens } from './app/envelope.ts'
import { razorpaySource, translateRazorpay } from './razorpay/razorpay.ts'
import { translateTick } from './schedule.ts'
import type { LookUp, Source, Translate } from './source.ts'
import { stripeLookUp } from './stripe/ask.ts'
import { stripeSource, translateStripe } from './stripe/stripe.ts'

const translators = new Map<string, Translate>([
  ['stripe', translateStripe],
  ['razorpay', translateRazorpay],
  ['schedule', translateTick],
])

const vendors: readonly string[] = ['stripe', 'razorpay']

interface SourceSettings {
  stripe: { webhookSecrets: string[]; apiKey: string | null; apiBase: string | null }
  razorpay: { webhookSecrets: string[] }
}

interface Sources {
  /** Null where no secret is set: nobody could be verified. */
  stripe: Source | null
  razorpay: Source | null
  /** Null for an app that has no secret. */
  app(name: string): Source | null
  /** Whether its events are a vendor's, in the vendor's own words. */
  isVendor(name: string): boolean
  /** How to read a stored body again. It needs no secret, so events outlive a source's settings. */
  translator(sourceName: string): Translate
  /** How to ask it for what an event leaves open; null where it cannot be asked. */
  lookUp(sourceName: string): LookUp | null
}

/** An app named more than once has several secrets, all of them good. */
export function sources(config: SourceSettings, apps: AppSecret[], whoListens: WhoListens): Sources {
  const { stripe, razorpay } = config
  const byName = new Map<string, Source>()
  for (const [name, secrets] of Map.groupBy(apps, (app) => app.name)) {
    if (reservedNames.includes(name.toLowerCase()))
      throw new Error(`an app cannot be named ${name}: it is a source of our own`)
    byName.set(name, appSource({ name, secrets: secrets.map(({ secret }) => secret), whoListens }))
  }
  const { apiKey, apiBase } = stripe
  const askStripe = apiKey ? stripeLookUp({ apiKey, apiBase }) : null
  return {
    stripe: stripe.webhookSecrets.length > 0 ? stripeSource(stripe) : null,
    razorpay: razorpay.webhookSecrets.length > 0 ? razorpaySource(razorpay) : null,
    app: (name) => byName.get(name) ?? null,
    isVendor: (name) => vendors.includes(name),
    translator: (sourceName) => translators.get(sourceName) ?? ((raw) => translateAppBody(raw, whoListens)),
    lookUp: (sourceName) => (sourceName === 'stripe' ? askStripe : null),
  }
}
