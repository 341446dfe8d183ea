// Reads SMS that people send to our Twilio number. Twilio answers opt-out keywords and blocks the number itself, but our
// suppression must hold for every provider.
import { unreadable } from '../kit/report-body.ts'
import type { InboundReader, InboundText } from '../receipt-reader.ts'
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
      return { ok: true, text: { key, from, keyword: isNumber(from) ? keyword : null } }
    },
  }
}

const keywords: Record<'stop' | 'start' | 'help', Set<string>> = {
  stop: new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']),
  start: new Set(['START', 'YES', 'UNSTOP']),
  help: new Set(['HELP', 'INFO']),
}

function keywordOf(text: string): InboundText['keyword'] {
  const word = text.trim().toUpperCase()
  for (const keyword of ['stop', 'start', 'help'] as const) if (keywords[keyword].has(word)) return keyword
  return null
}

/** Short codes and names cannot be suppressed, and we do not send to them. */
function isNumber(from: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(from)
}
