// Internal backends, by Standard Webhooks (standard-webhook.ts verifies). http/webhooks.ts asks it;
// what the body says stands in envelope.ts.
import { verifyStandardWebhook, webhookKey } from '../../wire/standard-webhook.ts'
import type { Headers, Source, Verified } from '../source.ts'
import { translateAppBody, type WhoListens } from './envelope.ts'

interface AppSourceOptions {
  name: string
  /** Every secret that may sign now: two while one replaces the other. */
  secrets: string[]
  whoListens: WhoListens
}

/** An app as a source. Throws for a secret that is not base64, which the settings have refused before. */
export function appSource({ name, secrets, whoListens }: AppSourceOptions): Source {
  const keys = secrets.map((secret) => webhookKey(secret, `app ${name}`))
  return {
    name,
    answersForItsData: true,
    verify: (raw, headers, nowMs) => verify(keys, raw, headers, nowMs),
    translate: (raw) => translateAppBody(raw, whoListens),
  }
}

function verify(keys: Buffer[], raw: Buffer, headers: Headers, nowMs: number): Verified {
  const verified = verifyStandardWebhook(keys, raw, headers, nowMs)
  return verified.ok ? { ok: true, sourceId: verified.id } : verified
}
