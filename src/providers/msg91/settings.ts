// The settings of MSG91 and their checks.
import { optional, optionalList, optionalPairs, required, type Values, vendorAddress } from '../../settings/block.ts'
import { apiKey, urlToken } from '../../settings/secrets.ts'
import { secret } from '../../settings/values.ts'

export const settings = {
  authKey: required('MSG91_AUTH_KEY', 'MSG91’s auth key', apiKey()),
  sender: optional('MSG91_SENDER', 'sender id', secret()),
  flowId: required('MSG91_FLOW_ID', 'id of the flow whose variable `message` gets the text', secret()),
  /** Flow ids by notifier; they take precedence over `flowId`. */
  flows: optionalPairs('MSG91_FLOWS', 'notifier=flow pairs, for notifiers with a flow of their own', 'notifier=flow'),
  receiptTokens: optionalList(
    'MSG91_RECEIPT_TOKEN',
    'the token in the address that MSG91 posts receipts to; old and new, comma separated, while it is replaced',
    urlToken,
  ),
  baseUrl: vendorAddress('MSG91_BASE_URL', 'MSG91', 'https://control.msg91.com'),
}
export type Msg91Settings = Values<typeof settings>
