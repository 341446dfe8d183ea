// The settings of Stripe and their checks.
import { defaulted, optional } from '../../settings/block.ts'
import type { Parsed } from '../../settings/reader.ts'
import { secrets } from '../../settings/secrets.ts'
import { baseUrl, invalid, oneOf, secret } from '../../settings/values.ts'

export const settings = {
  // Several endpoints, or test and live mode, may be in use at once.
  webhookSecrets: secrets(
    'STRIPE_WEBHOOK_SECRET',
    'one or more signing secrets, comma separated for rotation',
    'whsec_',
  ),
  apiKey: optional(
    'STRIPE_API_KEY',
    'for asking Stripe for what an event lacks, such as the customer’s address',
    secret(1, ['sk_', 'rk_']),
  ),
  testEvents: defaulted(
    'STRIPE_TEST_EVENTS',
    'what becomes of test events (livemode: false): send, sandbox or ignore (send)',
    oneOf('send', 'sandbox', 'ignore'),
    'send',
  ),
  apiBase: optional('STRIPE_API_BASE', 'another address for Stripe’s API', origin),
}

/** Stripe's package supports no path. */
function origin(text: string): Parsed<string> {
  const base = baseUrl(text)
  return base.ok && new URL(base.value).pathname !== '/'
    ? invalid('has a path; give protocol, host and port, such as http://127.0.0.1:12111')
    : base
}
