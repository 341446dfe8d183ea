// Finds phone numbers in a text: known ones in any spacing, with or without the country's code; numbers with a plus; and
// numbers behind a word for a phone.
import type { Found } from './found.ts'
import { type KnownAddresses, maxDigits, minDigits } from './known-addresses.ts'

/** Digits and the separators between them. No character matches both, so matching is linear. */
const numbers = /\d(?:[\s().\-–—‐‑/_+]{0,3}\d)*/g
/** With separators that are unusual in phone numbers, where only known numbers are looked for. */
const knownNumbers = /\d(?:[\s().,:;|~*·•\-–—‐‑/_+]{0,4}\d)*/g
const named =
  /(?:phone|mobile|msisdn|tel|telefon|telefono|whatsapp|contact|cell|fax|sms|handy|celular)[\w-]{0,20}[^\w]{1,8}$/i
const maxNameLength = 60
const isDate = /^\d{4}-\d\d-\d\d/
const minUnknownDigits = 7
/** The lengths of known numbers, longest first. */
const lengths = Array.from({ length: maxDigits - minDigits + 1 }, (_, i) => maxDigits - i)

export function phonesIn(text: string, known: KnownAddresses): Found[] {
  return [...unknownIn(text, known), ...knownIn(text, known)]
}

function unknownIn(text: string, { isGuessed }: KnownAddresses): Found[] {
  return runsIn(text, numbers).flatMap(({ run, index, digits, hasPlus }) => {
    const isLong = isGuessed && digits.length >= minUnknownDigits && !isDate.test(run)
    if (!isLong && !isPhone(text, index, digits.length, hasPlus)) return []
    return [phone(index - (hasPlus ? 1 : 0), index + run.length, `${hasPlus ? '+' : ''}${digits}`)]
  })
}

function knownIn(text: string, known: KnownAddresses): Found[] {
  if (known.phones.size === 0) return []
  return runsIn(text, knownNumbers).flatMap(({ run, index, digits, hasPlus }) =>
    knownInRun(run, digits, known).map(([from, to, reads]) => {
      const isWhole = from === 0 && hasPlus
      return phone(index + from - (isWhole ? 1 : 0), index + to, isWhole ? `+${reads}` : reads)
    }),
  )
}

interface Run {
  run: string
  index: number
  digits: string
  hasPlus: boolean
}

/** The runs of digits that are long enough for a number. */
function runsIn(text: string, pattern: RegExp): Run[] {
  return [...text.matchAll(pattern)].flatMap(({ 0: run, index }) => {
    if (run.length < minDigits) return []
    const digits = run.replace(/\D/g, '')
    return digits.length < minDigits ? [] : [{ run, index, digits, hasPlus: text[index - 1] === '+' }]
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
function knownInRun(run: string, digits: string, { phones }: KnownAddresses): [number, number, string][] {
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
