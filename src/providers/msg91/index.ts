// MSG91, an SMS provider: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { msg91Receipts } from './receipts.ts'
import { msg91Sender } from './send.ts'
import { settings } from './settings.ts'

export const msg91 = defineProvider({
  name: 'msg91',
  title: 'MSG91',
  channel: 'sms',
  rate: 50,
  settings,
  reportSettings: { receipts: settings.receiptTokens.name },
  make: msg91Sender,
  receipts: ({ receiptTokens }) => receiptTokens && byAny(receiptTokens, msg91Receipts),
})
