// The settings of Stripe: what verifies its webhooks, and how it can be asked.
import { optional } from '../../settings/block.ts'
import type { Parsed } from '../../settings/reader.ts'
import { secrets } from '../../settings/secrets.ts'
import { bad, baseUrl, secret } from '../../settings/values.ts'

export const settings = {
  // Those of several endpoints, or of test and live mode, are all good.
  webhookSecrets: secrets(
    'STRIPE_WEBHOOK_SECRET',
    'one or more signing secrets, comma separated for rotation',
    'whsec_',
  ),
  apiKey: optional(
    'STRIPE_API_KEY',
    'for look-ups when an event lacks the customer’s address, and for backfill',
    secret(1, ['sk_', 'rk_']),
  ),
  apiBase: optional('STRIPE_API_BASE', 'another address for Stripe’s API', origin),
}

/** Stripe's package takes no path. */
function origin(text: string): Parsed<string> {
  const base = baseUrl(text)
  return base.ok && new URL(base.value).pathname !== '/'
    ? bad('has a path; give protocol, host and port, such as http://127.0.0.1:12111')
    : base
}
