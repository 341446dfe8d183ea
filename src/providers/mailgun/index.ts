// Mailgun, an email provider: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { mailgunAccount } from './account.ts'
import { mailgunReceipts } from './receipts.ts'
import { mailgunSender } from './send.ts'
import { settings } from './settings.ts'

export const mailgun = defineProvider({
  name: 'mailgun',
  title: 'Mailgun',
  channel: 'email',
  spf: { where: 'under the DNS records of the domain', include: 'mailgun.org' },
  rate: 50,
  settings,
  reportSettings: { receipts: settings.signingKeys.name },
  make: mailgunSender,
  receipts: ({ signingKeys }) => signingKeys && byAny(signingKeys, mailgunReceipts),
  account: mailgunAccount,
})
