// Finds phone numbers in a text: known ones in any spacing, with or without the country's code; numbers with a plus; and
// numbers behind a word for a phone.
import type { Found } from './found.ts'
import { type KnownAddresses, maxDigits, minDigits } from './known-addresses.ts'

/** Digits and the separators between them. No character matches both, so matching is linear. */
const numbers = /\d(?:[\s().\-–—‐‑/_+]{0,3}\d)*/g
const named =
  /(?:phone|mobile|msisdn|tel|telefon|telefono|whatsapp|contact|cell|fax|sms|handy|celular)[\w-]{0,20}[^\w]{1,8}$/i
const maxNameLength = 60
const isDate = /^\d{4}-\d\d-\d\d/
const minUnknownDigits = 7
/** The lengths of known numbers, longest first. */
const lengths = Array.from({ length: maxDigits - minDigits + 1 }, (_, i) => maxDigits - i)

export function phonesIn(text: string, known: KnownAddresses): Found[] {
  return [...text.matchAll(numbers)].flatMap(({ 0: run, index }) => {
    if (run.length < minDigits) return []
    const digits = run.replace(/\D/g, '')
    if (digits.length < minDigits) return []
    const hasPlus = text[index - 1] === '+'
    const isGuessed = known.isGuessed && digits.length >= minUnknownDigits && !isDate.test(run)
    if (isGuessed || isPhone(text, index, digits.length, hasPlus))
      return [phone(index - (hasPlus ? 1 : 0), index + run.length, `${hasPlus ? '+' : ''}${digits}`)]
    return knownIn(run, digits, known).map(([from, to, reads]) => {
      const isWhole = from === 0 && hasPlus
      return phone(index + from - (isWhole ? 1 : 0), index + to, isWhole ? `+${reads}` : reads)
    })
  })
}

function phone(start: number, end: number, reads: string): Found {
  return { start, end, kind: 'phone', reads }
}

function isPhone(text: string, index: number, digits: number, hasPlus: boolean): boolean {
  if (hasPlus) return digits > minUnknownDigits
  return digits >= minUnknownDigits && named.test(text.slice(Math.max(0, index - maxNameLength), index))
}

/** Known numbers within a run of digits, the longest at each position: start and end in the run, and the digits. */
function knownIn(run: string, digits: string, { phones }: KnownAddresses): [number, number, string][] {
  if (phones.size === 0) return []
  const found: [number, number, string][] = []
  let places: number[] | null = null
  for (let i = 0; i + minDigits <= digits.length; i++) {
    const alike = phones.get(digits.slice(i, i + minDigits))
    const length = alike && lengths.find((one) => i + one <= digits.length && alike.has(digits.slice(i, i + one)))
    if (!length) continue
    places ??= [...run.matchAll(/\d/g)].map(({ index }) => index)
    found.push([places[i] ?? 0, (places[i + length - 1] ?? 0) + 1, digits.slice(i, i + length)])
    i += length - 1
  }
  return found
}
