// The text of an SMS: the brand's name first, and no character that would double its price for nothing.
// plan.ts freezes what comes out, with its encoding and the segments that the provider will bill.
import { SegmentedMessage } from 'sms-segments-calculator'
import type { SmsMessage } from '../domain/notification.ts'

// GSM 03.38 and its extension table, without the control characters.
const gsm7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\n\r]*$/

// What typography has and GSM-7 has not: one of these would make the whole message UCS-2, 70 characters a segment.
const plainer: [RegExp, string][] = [
  [/[\p{Zs}\t\n\v\f\r\u2028\u2029]+/gu, ' '],
  [/[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ''],
  [/[‘’‚‛′´`ʹʻʼ]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [/₹ ?/g, 'INR '],
  [/×/g, 'x'],
  [/[•·]/g, '*'],
]

/** The characters an SMS would use for the same words; what has no plain counterpart stays. */
export function smsCharacters(words: string): string {
  return plainer.reduce((text, [from, to]) => text.replace(from, to), words.normalize('NFC')).trim()
}

/** Whether the text needs nothing beyond that alphabet. */
export function isGsm7(text: string): boolean {
  return gsm7.test(text)
}

/** Of what words would be sent as, the characters beyond that alphabet, each once. */
export function beyondGsm7(words: string): string[] {
  return [...new Set(withoutAccents(smsCharacters(words)))].filter((character) => !isGsm7(character))
}

/**
 * What is sent and what it costs. Nothing is cut. Words that need UCS-2 anyhow keep their own characters:
 * joiners carry meaning in Hindi, Persian and emoji.
 */
export function smsText(brandName: string, words: string): Pick<SmsMessage, 'text' | 'encoding' | 'segments'> {
  const asSaid = `${brandName.trim()}: ${words.trim()}`
  const plain = withoutAccents(smsCharacters(asSaid))
  const encoding = isGsm7(plain) ? 'GSM-7' : 'UCS-2'
  const text = encoding === 'GSM-7' ? plain : asSaid.normalize('NFC')
  return { text, encoding, segments: new SegmentedMessage(text).segmentsCount }
}

/** Latin letters whose accent the alphabet lacks, without it: `envío` is sent as `envio`, and `pequeño` as it is. */
function withoutAccents(text: string): string {
  return text.replace(/\p{Script=Latin}/gu, (letter) =>
    isGsm7(letter) ? letter : letter.normalize('NFD').replace(/\p{M}/gu, ''),
  )
}
