// Reads SMS that people send to our Twilio number. Twilio answers opt-out keywords and blocks the number itself, but our
// suppression must hold for every provider.
import { keywordOf } from '../../domain/keyword.ts'
import { phoneOf } from '../../domain/phone-number.ts'
import { unreadable } from '../kit/report-body.ts'
import type { InboundReader } from '../receipt-reader.ts'
import { signatureFault, signedFields } from './signature.ts'

export function twilioInbound(authToken: string): InboundReader {
  return {
    headFault: signatureFault,
    read(report) {
      const signed = signedFields(authToken, report)
      if (!signed.ok) return signed
      const key = signed.read('MessageSid') ?? signed.read('SmsSid')
      const from = signed.read('From')
      if (!key || !from) return unreadable('The form needs a MessageSid and a From.')
      // Set by Advanced Opt-Out, whose keywords the account chooses, in any language.
      const word = signed.read('OptOutType') ?? ''
      const keyword = keywordOf(word) ?? keywordOf(signed.read('Body', 1_600) ?? '')
      const number = phoneOf(from)
      // Short codes and names cannot be suppressed, and we do not send to them.
      return { ok: true, text: { key, from: number ?? from, keyword: number === null ? null : keyword } }
    },
  }
}
