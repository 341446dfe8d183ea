// SMTP, an email provider: setting and sender.
import { defineProvider } from '../kit/define-provider.ts'
import { smtpAccount } from './account.ts'
import { smtpSender } from './send.ts'
import { settings } from './settings.ts'

export const smtp = defineProvider({
  name: 'smtp',
  title: 'The mail server',
  channel: 'email',
  spf: { where: 'in the pages of its operator' },
  rate: 10,
  settings,
  make: smtpSender,
  account: smtpAccount,
})
