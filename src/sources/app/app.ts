// An app as a source, verified by Standard Webhooks.
import {
  signStandardWebhook,
  standardWebhookFault,
  verifyStandardWebhook,
  webhookKey,
} from '../../wire/standard-webhook.ts'
import type { ReadWebhook, Source } from '../source.ts'
import { type AudienceOf, translateAppBody } from './envelope.ts'

interface AppSourceOptions {
  name: string
  /** Several while secrets are rotated; none for an app that posts with an API key. */
  secrets: string[]
  audienceOf: AudienceOf
}

/** Throws if a secret is not base64, which the settings check. */
export function appSource({ name, secrets, audienceOf }: AppSourceOptions): Source {
  const keys = secrets.map((secret) => webhookKey(secret, `app ${name}`))
  const translate = (raw: Buffer) => translateAppBody(raw, audienceOf)
  return {
    name,
    reportsFaultsToSender: true,
    translate,
    webhooks:
      keys.length === 0
        ? null
        : {
            headFault: standardWebhookFault,
            read(raw, headers, nowMs): ReadWebhook {
              const verified = verifyStandardWebhook(keys, raw, headers, nowMs)
              return verified.ok ? { ok: true, sourceId: verified.id, translation: translate(raw) } : verified
            },
            sign: (raw, id, nowMs) => signStandardWebhook(keys.slice(0, 1), id, raw.toString(), nowMs),
          },
    enrich: null,
    testEvents: null,
  }
}
