// Resend, an email provider: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { resendAccount } from './account.ts'
import { resendReceipts } from './receipts.ts'
import { resendSender } from './send.ts'
import { settings } from './settings.ts'

export const resend = defineProvider({
  name: 'resend',
  title: 'Resend',
  channel: 'email',
  spf: { where: 'under Domains' },
  rate: 10,
  settings,
  reportSettings: { receipts: settings.webhookSecrets.name },
  make: resendSender,
  receipts: ({ webhookSecrets }) => webhookSecrets && byAny(webhookSecrets, resendReceipts),
  account: resendAccount,
})
