// The settings of Twilio and their checks.
import { optional, required, requiredList, type Values, vendorAddress } from '../../settings/block.ts'
import type { Reader } from '../../settings/reader.ts'
import { apiKey, documented } from '../../settings/secrets.ts'
import { secret, smsSender } from '../../settings/values.ts'

/** https://www.twilio.com/docs/glossary/what-is-a-sid */
const sid = (start: string) => ({
  shape: new RegExp(`^${start}[0-9a-f]{32}$`, 'i'),
  words: `${start} and 32 hexadecimal digits`,
})

export const settings = {
  accountSid: required('TWILIO_ACCOUNT_SID', 'Twilio’s account SID, AC…', documented(secret(), sid('AC'))),
  authTokens: requiredList(
    'TWILIO_AUTH_TOKEN',
    'Twilio’s auth token, which also verifies its receipts; two, comma separated, while it is replaced: calls use the first',
    apiKey(),
  ),
  from: optional('TWILIO_FROM', 'number or sender id, unless a messaging service is given', smsSender),
  messagingServiceSid: optional(
    'TWILIO_MESSAGING_SERVICE_SID',
    'SID of a messaging service, MG…',
    documented(secret(), sid('MG')),
  ),
  baseUrl: vendorAddress('TWILIO_BASE_URL', 'Twilio', 'https://api.twilio.com'),
}
export type TwilioSettings = Values<typeof settings>

export function checkSender({ given, fault }: Reader): void {
  if (!given('TWILIO_FROM') && !given('TWILIO_MESSAGING_SERVICE_SID'))
    fault('TWILIO_FROM', 'is missing; give a sender such as +14155550100, or TWILIO_MESSAGING_SERVICE_SID instead')
}
