// Reads Twilio's status reports, which arrive in any order and more than once.
import { phoneOf } from '../../domain/phone-number.ts'
import type { ReceiptKind } from '../../domain/receipt.ts'
import { uuidOf } from '../../domain/uuid.ts'
import { makeReceipt } from '../kit/make-receipt.ts'
import { unreadable } from '../kit/report-body.ts'
import type { ReceiptReader } from '../receipt-reader.ts'
import { twilioCode } from './codes.ts'
import { twilioMeaning } from './meanings.ts'
import { signatureFault, signedFields } from './signature.ts'

export function twilioReceipts(authToken: string): ReceiptReader {
  return {
    headFault: signatureFault,
    read(report) {
      const signed = signedFields(authToken, report)
      if (!signed.ok) return signed
      const sid = signed.read('MessageSid') ?? signed.read('SmsSid')
      const status = (signed.read('MessageStatus') ?? signed.read('SmsStatus'))?.toLowerCase()
      if (!sid || !status) return unreadable('The form needs a MessageSid and a MessageStatus.')
      const code = signed.read('ErrorCode')
      const kind = kindOf(status, Number(code))
      if (!kind) return { ok: true, receipts: [] }
      const outcome = code ? twilioCode(Number(code), '') : null
      const receipt = makeReceipt({
        key: `${sid}:${status}`,
        kind,
        providerMessageId: sid,
        // The URL was given with the message.
        attemptId: uuidOf(report.query.get('attempt')),
        address: phoneOf(signed.read('To')),
        suppress: outcome?.kind === 'rejected' ? (outcome.suppress ?? null) : null,
        code,
        text: signed.read('ErrorMessage', 1_000) ?? (code && twilioMeaning(status, code)),
      })
      return { ok: true, receipts: [receipt] }
    },
  }
}

/** The carrier's answer was lost. Twilio reports a failure and does not retry, because the SMS may have been delivered. */
const carrierTimeout = 30410

/** Null for the statuses of inbound SMS (`receiving`, `received`) and for unknown ones. */
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
      // A failed SMS did not leave Twilio, except with these codes, which concern the carrier and the handset.
      return code >= 30003 && code <= 30008 ? 'undelivered' : 'not-sent'
    case 'canceled':
      return 'not-sent'
    default:
      return null
  }
}
