// The settings of Vonage and their checks.
import { optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import { apiKey, signingSecret } from '../../settings/secrets.ts'
import { smsSender } from '../../settings/values.ts'

export const settings = {
  apiKey: required('VONAGE_API_KEY', 'Vonage’s API key', apiKey()),
  apiSecret: required('VONAGE_API_SECRET', 'Vonage’s API secret', apiKey({ longest: 25 })),
  from: required('VONAGE_FROM', 'number or sender id', smsSender),
  signatureSecrets: optionalList(
    'VONAGE_SIGNATURE_SECRET',
    'verifies Vonage’s receipts; old and new, comma separated, while it is replaced',
    signingSecret({ wrong: ['whsec_', 're_', 'SG.'] }),
  ),
  baseUrl: vendorAddress('VONAGE_BASE_URL', 'Vonage', 'https://rest.nexmo.com'),
}
export type VonageSettings = Values<typeof settings>
