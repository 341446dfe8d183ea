// SendGrid, an email provider: settings, sender and receipts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { sendgridAccount } from './account.ts'
import { sendgridReceipts } from './receipts.ts'
import { sendgridSender } from './send.ts'
import { settings } from './settings.ts'

export const sendgrid = defineProvider({
  name: 'sendgrid',
  title: 'SendGrid',
  channel: 'email',
  spf: { where: 'under Settings, Sender Authentication', include: 'sendgrid.net' },
  rate: 50,
  settings,
  reportSettings: { receipts: settings.webhookKeys.name },
  make: sendgridSender,
  receipts: ({ webhookKeys }) => webhookKeys && byAny(webhookKeys, sendgridReceipts),
  account: sendgridAccount,
})
