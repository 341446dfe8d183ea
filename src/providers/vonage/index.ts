// Vonage, an SMS provider: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
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
  reportSettings: { receipts: settings.signatureSecrets.name },
  make: vonageSender,
  receipts: ({ signatureSecrets }) => signatureSecrets && byAny(signatureSecrets, vonageReceipts),
  account: vonageAccount,
})
