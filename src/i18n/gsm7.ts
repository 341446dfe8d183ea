// GSM-7, the alphabet in which an SMS is cheap: whether it has the characters of a text, and what is written for those that
// it lacks.
import anyAscii from 'any-ascii'

// GSM 03.38 and its extension table, without the control characters.
const gsm7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\n\r]*$/

/** Signs of currencies that GSM-7 lacks, as their ISO 4217 codes. */
const currencySigns: Record<string, string> = {
  '₹': 'INR',
  '₺': 'TRY',
  '₦': 'NGN',
  '₽': 'RUB',
  '₴': 'UAH',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '₱': 'PHP',
  '₡': 'CRC',
  '₲': 'PYG',
  '₵': 'GHS',
  '₸': 'KZT',
  '₼': 'AZN',
  '₾': 'GEL',
  '₭': 'LAK',
  '₮': 'MNT',
  '₿': 'BTC',
  '฿': 'THB',
  '৳': 'BDT',
  '֏': 'AMD',
  '₨': 'Rs',
}
const codeOf = (sign: string) => currencySigns[sign.trim()] ?? sign
const sign = `[${Object.keys(currencySigns).join('')}]`

// Typographic characters that GSM-7 lacks: one of them would make the whole message UCS-2, 70 characters a segment.
const replacements: [RegExp, string | ((found: string) => string)][] = [
  [/[\p{Zs}\t\n\v\f\r\u2028\u2029]+/gu, ' '],
  [/[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ''],
  [/[‘’‚‛′´`ʹʻʼ]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒–—―−]/g, '-'],
  [/…/g, '...'],
  [new RegExp(`${sign} ?(?=\\d)`, 'g'), (found) => `${codeOf(found)} `],
  [new RegExp(`(?<=\\d) ?${sign}`, 'g'), (found) => ` ${codeOf(found)}`],
  [new RegExp(sign, 'g'), codeOf],
  [/₤/g, '£'],
  [/√/g, 'sqrt '],
  [/÷/g, '/'],
  [/×/g, 'x'],
  [/[•·]/g, '*'],
  // As in `N° 5`.
  [/°/g, 'o'],
  // `1½` is not 11/2.
  [/(?<=\d)(?=[¼-¾⅐-⅞])/g, ' '],
]

/** Latin letters with their marks, and signs such as `™`, `№`, `²`, `①`, `㎡`, `≤` and `→`. */
const transliterable =
  /\p{Script=Latin}\p{M}*|[\u00a1-\u00bf\u2010-\u205e\u2070-\u209f\u2100-\u218f\u2190\u2192\u2248\u2260\u2264\u2265\u2460-\u24ff\u3380-\u33df\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu

/** Whether GSM-7 has every character of the text. */
export function isGsm7(text: string): boolean {
  return gsm7.test(text)
}

/** GSM-7's extension table: each takes two septets, of which neither may be in another segment. */
const extended = /[\^{}\\[~\]|€]/

/**
 * The segments of a text in GSM-7, without a carriage return: 160 septets, or 153 beside the header that joins several (3GPP TS
 * 23.040, 9.2.3.24).
 */
export function gsm7Segments(text: string): number {
  if (!extended.test(text)) return text.length <= 160 ? 1 : Math.ceil(text.length / 153)
  const septets = Array.from(text, (character) => (extended.test(character) ? 2 : 1))
  if (septets.reduce((sum, taken) => sum + taken, 0) <= 160) return 1
  let [segments, free] = [1, 153]
  for (const taken of septets) {
    if (taken > free) [segments, free] = [segments + 1, 153]
    free -= taken
  }
  return segments
}

/** The text with typographic characters replaced; a character without a plain counterpart stays. */
export function smsCharacters(words: string): string {
  if (isGsm7(words) && !/^ | $| {2}|[\n\r]/.test(words)) return words
  return replacements
    .reduce((text, [from, to]) => text.replace(from, typeof to === 'string' ? () => to : to), words.normalize('NFC'))
    .trim()
}

/**
 * The text with Latin letters and signs that GSM-7 lacks in letters that it has: `Łódź` becomes `Lodz`, `Œuvre` `Oeuvre`;
 * `ñ` and `ø` stay, and so do other scripts.
 */
export function transliterated(text: string): string {
  if (isGsm7(text)) return text
  return text.replace(transliterable, (character, at: number) => {
    if (isGsm7(character)) return character
    const bare = character.normalize('NFD').replace(/\p{M}/gu, '')
    if (isGsm7(bare)) return bare
    const ascii = anyAscii(character)
    return /^\p{Lu}{2}/u.test(text.slice(at, at + 2)) ? ascii.toUpperCase() : ascii
  })
}

/** The characters beyond GSM-7 in the text as it would be sent, each once. */
export function beyondGsm7(words: string): string[] {
  return [...new Set(transliterated(smsCharacters(words)))].filter((character) => !isGsm7(character))
}
