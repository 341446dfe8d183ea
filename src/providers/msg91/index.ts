// MSG91, an SMS provider: settings, sender and receipts.
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
  reportSettings: { receipts: settings.receiptToken.name },
  make: msg91Sender,
  receipts: ({ receiptToken }) => (receiptToken === null ? null : msg91Receipts(receiptToken)),
})
