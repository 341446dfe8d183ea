// The settings of Mailgun and their checks.
import { optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import { apiKey, signingSecret } from '../../settings/secrets.ts'
import { domainName } from '../../settings/values.ts'

export const settings = {
  apiKey: required('MAILGUN_API_KEY', 'Mailgun’s API key', apiKey({ own: 'key-' })),
  domain: required('MAILGUN_DOMAIN', 'the sending domain at Mailgun', domainName),
  signingKeys: optionalList(
    'MAILGUN_SIGNING_KEY',
    'verifies Mailgun’s receipts; old and new, comma separated, while it is replaced',
    signingSecret({ wrong: ['whsec_', 'pubkey-', 're_', 'SG.'] }),
  ),
  baseUrl: vendorAddress('MAILGUN_BASE_URL', 'Mailgun', 'https://api.mailgun.net'),
}
export type MailgunSettings = Values<typeof settings>
