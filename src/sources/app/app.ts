// An app as a source, verified by Standard Webhooks.
import {
  signStandardWebhook,
  standardWebhookFault,
  verifyStandardWebhook,
  webhookKey,
} from '../../wire/standard-webhook.ts'
import type { ReadWebhook, Source, Translation } from '../source.ts'
import { type AudienceOf, translateAppBody } from './envelope.ts'

interface AppSourceOptions {
  name: string
  /** Several while secrets are rotated; none for an app that posts with an API key. */
  secrets: string[]
  /** All its events are tests, which go to the sandbox. */
  isTest: boolean
  audienceOf: AudienceOf
}

/** Throws if a secret is not base64, which the settings check. */
export function appSource({ name, secrets, isTest, audienceOf }: AppSourceOptions): Source {
  const keys = secrets.map((secret) => webhookKey(secret, `app ${name}`))
  const translate = async (raw: Buffer) => {
    const translation = await translateAppBody(raw, audienceOf)
    return isTest ? asTest(translation) : translation
  }
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
    testEvents: { policy: 'sandbox', setting: 'API_KEYS' },
  }
}

/** The names by which tests relate to each other are their own, so that none supersedes what is real; all of them find it. */
function asTest(translation: Translation): Translation {
  if (!('content' in translation)) return translation
  const { references, mentions = [] } = translation.content
  const own = { references: references.map((name) => `test:${name}`), mentions: [...references, ...mentions] }
  return { ...translation, content: { ...translation.content, ...own, livemode: false } }
}
