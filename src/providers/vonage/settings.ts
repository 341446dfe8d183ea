// The settings of Vonage and their checks.
import { optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import { signingSecret } from '../../settings/secrets.ts'
import { secret, smsSender } from '../../settings/values.ts'

export const settings = {
  apiKey: required('VONAGE_API_KEY', 'Vonage’s API key', secret()),
  apiSecret: required('VONAGE_API_SECRET', 'Vonage’s API secret', secret()),
  from: required('VONAGE_FROM', 'number or sender id', smsSender),
  signatureSecrets: optionalList(
    'VONAGE_SIGNATURE_SECRET',
    'verifies Vonage’s receipts; old and new, comma separated, while it is replaced',
    signingSecret({ wrong: ['whsec_'] }),
  ),
  baseUrl: vendorAddress('VONAGE_BASE_URL', 'Vonage', 'https://rest.nexmo.com'),
}
export type VonageSettings = Values<typeof settings>
