// Fast2SMS, an SMS provider for India: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { fast2smsReceipts } from './receipts.ts'
import { fast2smsSender } from './send.ts'
import { checkSender, settings } from './settings.ts'

export const fast2sms = defineProvider({
  name: 'fast2sms',
  title: 'Fast2SMS',
  channel: 'sms',
  rate: 10,
  settings,
  reportSettings: { receipts: settings.receiptTokens.name },
  check: checkSender,
  make: fast2smsSender,
  receipts: ({ receiptTokens }) => receiptTokens && byAny(receiptTokens, fast2smsReceipts),
})
