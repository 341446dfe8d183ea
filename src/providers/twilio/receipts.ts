// Twilio's status reports. They go to the URL that was given with the message, and `attempt` in it brings our id back. They
// come in any order and more than once; Twilio gives no time that could be trusted.
import type { ReceiptKind } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { makeReceipt } from '../kit/make-receipt.ts'
import { unreadable } from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'
import { twilioCode } from './codes.ts'
import { signatureFault, signedFields } from './signature.ts'

export function twilioReceipts(authToken: string): ReceiptReader {
  return {
    headFault: signatureFault,
    read(report) {
      const signed = signedFields(authToken, report)
      if (!signed.ok) return signed
      const sid = signed.read('MessageSid') ?? signed.read('SmsSid')
      const status = (signed.read('MessageStatus') ?? signed.read('SmsStatus'))?.toLowerCase()
      if (!sid || !status) return unreadable('The form has no MessageSid or no MessageStatus.')
      const code = signed.read('ErrorCode')
      const kind = kindOf(status, Number(code))
      if (!kind) return { ok: true, receipts: [] }
      const outcome = code ? twilioCode(Number(code), '') : null
      const receipt = makeReceipt({
        key: `${sid}:${status}`,
        kind,
        providerMessageId: sid,
        attemptId: uuidOf(report.query.get('attempt')),
        suppress: outcome?.kind === 'rejected' ? (outcome.suppress ?? null) : null,
        code,
        text: signed.read('ErrorMessage', 1_000) ?? (code && `Twilio said ${status}, code ${code}`),
      })
      return { ok: true, receipts: [receipt] }
    },
  }
}

/** The carrier's answer was lost: Twilio calls it failed and does not repeat it, because it may have been delivered. */
const carrierTimeout = 30410

/** Null for what is no fate of a message of ours (`receiving`, `received`, and whatever comes new). */
function kindOf(status: string, code: number): ReceiptKind | null {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
    case 'partially_delivered':
      return 'taken'
    case 'delivered':
    case 'read':
      return 'delivered'
    case 'undelivered':
      return code === carrierTimeout ? 'taken' : 'undelivered'
    case 'failed':
      if (code === carrierTimeout) return 'taken'
      // `failed` never left Twilio, but for these, which tell of the carrier and the handset: it was on its way.
      return code >= 30003 && code <= 30008 ? 'undelivered' : 'not-sent'
    case 'canceled':
      return 'not-sent'
    default:
      return null
  }
}
