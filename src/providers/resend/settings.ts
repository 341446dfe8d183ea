// The settings of Resend and their checks.
import { optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import { apiKey } from '../../settings/secrets.ts'
import { webhookSecret } from '../../settings/values.ts'

export const settings = {
  apiKey: required('RESEND_API_KEY', 'Resend’s API key', apiKey({ always: 're_' })),
  webhookSecrets: optionalList(
    'RESEND_WEBHOOK_SECRET',
    'verifies Resend’s receipts, whsec_…; old and new, comma separated, while it is replaced',
    webhookSecret(8, 256),
  ),
  baseUrl: vendorAddress('RESEND_BASE_URL', 'Resend', 'https://api.resend.com'),
}
export type ResendSettings = Values<typeof settings>
