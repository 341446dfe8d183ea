// The settings of Fast2SMS and their checks.
import { defaulted, optional, optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import type { Parsed, Reader } from '../../settings/reader.ts'
import { apiKey, urlToken } from '../../settings/secrets.ts'
import { invalid, quoted, secret, valid } from '../../settings/values.ts'

/** The route `dlt` sends a template by Fast2SMS's id for it. */
type Route = { name: 'q' | 'dlt_manual' } | { name: 'dlt'; messageId: string }

const routeLine = 'q, dlt:<id of the DLT message>, whose one variable gets the text, or dlt_manual (q)'

export const settings = {
  apiKey: required('FAST2SMS_API_KEY', 'Fast2SMS’s API key', apiKey()),
  sender: optional('FAST2SMS_SENDER', 'sender id, for the DLT routes', secret()),
  route: defaulted<Route>('FAST2SMS_ROUTE', routeLine, routeOf, { name: 'q' }),
  receiptTokens: optionalList(
    'FAST2SMS_RECEIPT_TOKEN',
    'the token in the address that Fast2SMS posts receipts to; old and new, comma separated, while it is replaced',
    urlToken,
  ),
  baseUrl: vendorAddress('FAST2SMS_BASE_URL', 'Fast2SMS', 'https://www.fast2sms.com'),
}
export type Fast2smsSettings = Values<typeof settings>

function routeOf(text: string): Parsed<Route> {
  const name = text.toLowerCase()
  const messageId = /^dlt:(\d{1,20})$/.exec(name)?.[1]
  if (messageId) return valid({ name: 'dlt', messageId })
  if (name === 'q' || name === 'dlt_manual') return valid({ name })
  return invalid(`is ${quoted(text)}; give q, dlt_manual, or dlt:111111 with the id of the DLT message`)
}

export function checkSender({ text, given, fault }: Reader): void {
  if (/^dlt/i.test(text('FAST2SMS_ROUTE') ?? '') && !given('FAST2SMS_SENDER'))
    fault('FAST2SMS_SENDER', 'is missing, and the DLT routes need one; give the sender id that DLT approved')
}
