// The text of an SMS, its encoding and the number of segments that the provider bills: the brand's name comes first, and
// typographic characters are replaced where they alone would force UCS-2.
import { SegmentedMessage } from 'sms-segments-calculator'
import type { SmsMessage } from '../domain/notification.ts'

// GSM 03.38 and its extension table, without the control characters.
const gsm7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\n\r]*$/

// Typographic characters that GSM-7 lacks: one of them would make the whole message UCS-2, 70 characters a segment.
const replacements: [RegExp, string][] = [
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

/** The text with typographic characters replaced; a character without a plain counterpart stays. */
export function smsCharacters(words: string): string {
  return replacements.reduce((text, [from, to]) => text.replace(from, to), words.normalize('NFC')).trim()
}

/** Whether GSM-7 has every character of the text. */
export function isGsm7(text: string): boolean {
  return gsm7.test(text)
}

/** The characters beyond GSM-7 in the text as it would be sent, each once. */
export function beyondGsm7(words: string): string[] {
  return [...new Set(withoutAccents(smsCharacters(words)))].filter((character) => !isGsm7(character))
}

/**
 * The SMS as it is sent; nothing is truncated. A text that needs UCS-2 anyway keeps its own characters: joiners carry meaning
 * in Hindi, Persian and emoji.
 */
export function smsText(brandName: string, words: string): Pick<SmsMessage, 'text' | 'encoding' | 'segments'> {
  const original = `${brandName.trim()}: ${words.trim()}`
  const plain = withoutAccents(smsCharacters(original))
  const encoding = isGsm7(plain) ? 'GSM-7' : 'UCS-2'
  const text = encoding === 'GSM-7' ? plain : original.normalize('NFC')
  return { text, encoding, segments: new SegmentedMessage(text).segmentsCount }
}

/** Removes the accents that GSM-7 lacks from Latin letters: `envío` becomes `envio`, `pequeño` stays. */
function withoutAccents(text: string): string {
  return text.replace(/\p{Script=Latin}/gu, (letter) =>
    isGsm7(letter) ? letter : letter.normalize('NFD').replace(/\p{M}/gu, ''),
  )
}
