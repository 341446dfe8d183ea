// Whose reports can be taken: the providers that are configured and have the secret that verifies them.
// http/receipts.ts asks here by the provider's name; a new one is a line.
import { fast2smsReceipts } from './fast2sms/receipts.ts'
import { mailgunReceipts } from './mailgun/receipts.ts'
import { msg91Receipts } from './msg91/receipts.ts'
import type { InboundReader, ReceiptReader } from './receipt-reader.ts'
import { resendReceipts } from './resend/receipts.ts'
import { sendgridReceipts } from './sendgrid/receipts.ts'
import { twilioInbound } from './twilio/inbound.ts'
import { twilioReceipts } from './twilio/receipts.ts'
import { vonageReceipts } from './vonage/receipts.ts'

/** What of the settings verifies reports. */
interface Secrets {
  resend: { webhookSecret: string | null } | null
  sendgrid: { webhookKey: string | null } | null
  mailgun: { signingKey: string | null } | null
  twilio: { authToken: string } | null
  vonage: { signatureSecret: string | null } | null
  msg91: { receiptToken: string | null } | null
  fast2sms: { receiptToken: string | null } | null
}

/** By the provider's name. Throws for a secret that cannot be one. */
export function receiptReaders(secrets: Secrets): Record<string, ReceiptReader> {
  const { resend, sendgrid, mailgun, twilio, vonage, msg91, fast2sms } = secrets
  return byName([
    resend?.webhookSecret && resendReceipts(resend.webhookSecret),
    sendgrid?.webhookKey && sendgridReceipts(sendgrid.webhookKey),
    mailgun?.signingKey && mailgunReceipts(mailgun.signingKey),
    twilio && twilioReceipts(twilio.authToken),
    vonage?.signatureSecret && vonageReceipts(vonage.signatureSecret),
    msg91?.receiptToken && msg91Receipts(msg91.receiptToken),
    fast2sms?.receiptToken && fast2smsReceipts(fast2sms.receiptToken),
  ])
}

/** By the provider's name. */
export function inboundReaders({ twilio }: Pick<Secrets, 'twilio'>): Record<string, InboundReader> {
  return byName([twilio && twilioInbound(twilio.authToken)])
}

/** Without a prototype, as it is asked with names out of URLs. */
function byName<Reader extends { provider: string }>(
  readers: (Reader | '' | null | undefined)[],
): Record<string, Reader> {
  const found: Record<string, Reader> = Object.create(null)
  for (const reader of readers) if (reader) found[reader.provider] = reader
  return found
}
