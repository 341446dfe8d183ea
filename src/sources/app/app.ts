// Internal backends as sources, verified by Standard Webhooks.
import { standardWebhookFault, verifyStandardWebhook, webhookKey } from '../../wire/standard-webhook.ts'
import type { ReadWebhook, Source } from '../source.ts'
import { translateAppBody, type WhoListens } from './envelope.ts'

interface AppSourceOptions {
  name: string
  /** Every secret that may sign now: two while one replaces the other, none for whoever posts with a key. */
  secrets: string[]
  whoListens: WhoListens
}

/** An app as a source. Throws for a secret that is not base64, which the settings have refused before. */
export function appSource({ name, secrets, whoListens }: AppSourceOptions): Source {
  const keys = secrets.map((secret) => webhookKey(secret, `app ${name}`))
  const translate = (raw: Buffer) => translateAppBody(raw, whoListens)
  return {
    name,
    answersForItsData: true,
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
          },
    enrich: null,
  }
}
