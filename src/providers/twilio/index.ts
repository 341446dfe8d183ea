// Twilio, an SMS provider: settings, sender, receipts and inbound texts.
import { byAny } from '../kit/by-any.ts'
import { defineProvider } from '../kit/define-provider.ts'
import { twilioAccount } from './account.ts'
import { twilioInbound } from './inbound.ts'
import { faults } from './meanings.ts'
import { twilioReceipts } from './receipts.ts'
import { twilioSender } from './send.ts'
import { checkSender, settings } from './settings.ts'

export const twilio = defineProvider({
  name: 'twilio',
  title: 'Twilio',
  channel: 'sms',
  rate: 10,
  settings,
  reportSettings: { receipts: settings.authTokens.name, inbound: settings.authTokens.name },
  receiptsByKey: true,
  faults,
  check: checkSender,
  make: twilioSender,
  receipts: ({ authTokens }) => byAny(authTokens, twilioReceipts),
  inbound: ({ authTokens }) => byAny(authTokens, twilioInbound),
  account: twilioAccount,
})
