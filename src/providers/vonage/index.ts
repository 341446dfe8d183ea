// Vonage, an SMS provider: settings, sender and receipts.
import { defineProvider } from '../kit/define-provider.ts'
import { vonageAccount } from './account.ts'
import { vonageReceipts } from './receipts.ts'
import { vonageSender } from './send.ts'
import { settings } from './settings.ts'

export const vonage = defineProvider({
  name: 'vonage',
  title: 'Vonage',
  channel: 'sms',
  rate: 30,
  settings,
  reportSettings: { receipts: settings.signatureSecret.name },
  make: vonageSender,
  receipts: ({ signatureSecret }) => (signatureSecret === null ? null : vonageReceipts(signatureSecret)),
  account: vonageAccount,
})
