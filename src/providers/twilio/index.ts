// Twilio, an SMS provider: settings, sender, receipts and inbound texts.
import { defineProvider } from '../kit/define-provider.ts'
import { twilioAccount } from './account.ts'
import { twilioInbound } from './inbound.ts'
import { twilioReceipts } from './receipts.ts'
import { twilioSender } from './send.ts'
import { checkSender, settings } from './settings.ts'

export const twilio = defineProvider({
  name: 'twilio',
  title: 'Twilio',
  channel: 'sms',
  rate: 10,
  settings,
  reportSettings: { receipts: settings.authToken.name, inbound: settings.authToken.name },
  check: checkSender,
  make: twilioSender,
  receipts: ({ authToken }) => twilioReceipts(authToken),
  inbound: ({ authToken }) => twilioInbound(authToken),
  account: twilioAccount,
})
