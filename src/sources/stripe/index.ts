// Stripe as a source: settings, webhooks of snapshot events, translation and enrichment.
import { defineSource, type ReadWebhook } from '../source.ts'
import { demo } from './demo.ts'
import { enrichFromStripe } from './enrich.ts'
import { readStripeEvent } from './event.ts'
import { ownTypes } from './own-types.ts'
import { samples } from './samples.ts'
import { settings } from './settings.ts'
import { headFault, isSigned, signed } from './signature.ts'
import { translateEvent, translateStripe, types } from './translate.ts'

export const stripe = defineSource({
  name: 'stripe',
  signatureHeader: 'Stripe-Signature',
  settings,
  translate: translateStripe,
  types,
  ownTypes,
  webhooks({ webhookSecrets }, orderKeys) {
    const [secret] = webhookSecrets
    if (secret === undefined) return null
    return {
      headFault,
      read(raw, headers, nowMs): ReadWebhook {
        const fault = headFault(headers, nowMs)
        if (fault) return fault
        if (!webhookSecrets.some((secret) => isSigned(secret, raw, headers, nowMs)))
          return { ok: false, status: 401, detail: 'No signature matches the body.' }
        const read = readStripeEvent(raw)
        if (!read.ok) return { ok: false, status: 400, detail: read.detail }
        return { ok: true, sourceId: read.event.id, translation: translateEvent(read.event, { orderKeys }) }
      },
      sign: (raw, _id, nowMs) => signed(secret, raw, nowMs),
    }
  },
  enrich: ({ apiKey, apiBase }) => (apiKey ? enrichFromStripe({ apiKey, apiBase }) : null),
  testEvents: ({ testEvents }) => ({ policy: testEvents, setting: settings.testEvents.name }),
  samples,
  demo,
})
