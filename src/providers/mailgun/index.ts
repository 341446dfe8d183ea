// Mailgun, an email provider: settings, sender and receipts.
import { defineProvider } from '../kit/define-provider.ts'
import { mailgunAccount } from './account.ts'
import { mailgunReceipts } from './receipts.ts'
import { mailgunSender } from './send.ts'
import { settings } from './settings.ts'

export const mailgun = defineProvider({
  name: 'mailgun',
  title: 'Mailgun',
  channel: 'email',
  rate: 50,
  settings,
  reportSettings: { receipts: settings.signingKey.name },
  make: mailgunSender,
  receipts: ({ signingKey }) => (signingKey === null ? null : mailgunReceipts(signingKey)),
  account: mailgunAccount,
})
