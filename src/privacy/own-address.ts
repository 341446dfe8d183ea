// Decides whether an address that was found in a text is one of a person's own: a text may hold the addresses of others too.
import { domainToASCII } from 'node:url'
import type { Found } from './found.ts'
import { type KnownAddresses, minDigits } from './known-addresses.ts'
import { viewsOf } from './views.ts'

/** So many digits of a known number are no accident, whatever digits stand around them. */
const digitsEnough = 9
/** The prefixes of a number that is dialled. */
const dialled = /^0{0,3}$|^0?011$/
/** What may stand before a local part and belongs to something else, such as a URL's `to=`. */
const before = /[^\p{L}\p{N}._+-]/gu
const notInDomain = /[^\p{L}\p{M}\p{N}._-]/u
/** Runs that may be base64 or hexadecimal. */
const runs = /[A-Za-z0-9+/_-]{8,}/g
const hex = /^(?:[0-9a-f]{2})+$/i
const printed = /[^\ufffd\p{Cc}]{6,}/gu

/** True for an email or a phone number that is one of the known ones. */
export function ownAddress({ emails, phones }: KnownAddresses): (text: string, found: Found) => boolean {
  const domains = new Map<string, Set<string>>()
  for (const [domain, locals] of emails)
    for (const local of locals) domains.set(bare(local), (domains.get(bare(local)) ?? new Set()).add(domain))

  const isEmail = (text: string, { reads, start, at, end }: Found) => {
    const local = bare(plain(reads))
    const starts = [0, ...[...local.matchAll(before)].map(({ 0: sign, index }) => index + sign.length)]
    const possible = starts.flatMap((one) => [...(domains.get(local.slice(one)) ?? [])])
    if (possible.length === 0 || at === undefined || isInWord(text, start)) return false
    return viewsOf(text.slice(at, end)).some((view) => {
      const domain = plain(view.text).split(notInDomain).at(-1) ?? ''
      return possible.includes(domain) || possible.includes(domainToASCII(domain))
    })
  }

  const isPhone = (text: string, { reads, start, end }: Found) => {
    const digits = reads.replace(/\D/g, '')
    for (let i = 0; i + minDigits <= digits.length; i++)
      for (const number of phones.get(digits.slice(i, i + minDigits)) ?? [])
        if (
          digits.startsWith(number, i) &&
          (number.length >= digitsEnough || isApart(around(text, start, end), number))
        )
          return true
    return false
  }

  return (text, found) =>
    found.kind === 'email' ? isEmail(text, found) : found.kind === 'phone' && isPhone(text, found)
}

/** What a run of base64 or hexadecimal may hold: text in UTF-8 or UTF-16. */
export function* unpacked(run: string): Generator<string> {
  const seen = new Set<string>()
  for (const { text } of viewsOf(run))
    for (const [packed] of text.matchAll(runs)) {
      if (seen.has(packed)) continue
      seen.add(packed)
      const shifted = [0, 1, 2, 3].map((shift) => Buffer.from(packed.slice(shift), 'base64'))
      for (const bytes of hex.test(packed) ? [...shifted, Buffer.from(packed, 'hex')] : shifted) {
        yield printable(bytes.toString())
        if (bytes.includes(0)) yield printable(bytes.toString('utf16le'))
      }
    }
}

/** Whether the text goes on before the position with a letter or digit, however that is encoded. */
function isInWord(text: string, start: number): boolean {
  return start > 0 && viewsOf(around(text, start, start - 1)).every((view) => /[\p{L}\p{N}]$/u.test(view.text))
}

/** With the encoded signs before it. */
function around(text: string, start: number, end: number): string {
  return text.slice(Math.max(0, start - 16), end + 1)
}

/** `"ada"` is the same mailbox as `ada`. */
function bare(local: string): string {
  return local.replaceAll('"', '')
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Whether the number stands between separators, of which it may have some of its own. */
function isApart(text: string, number: string): boolean {
  return viewsOf(text).some((view) => {
    const groups = view.text.normalize('NFKC').match(/\d+/g) ?? []
    return groups.some((_group, first) => {
      let joined = ''
      for (const group of groups.slice(first, first + number.length)) {
        joined += group
        if (joined.endsWith(number) && dialled.test(joined.slice(0, -number.length))) return true
        if (joined.length > number.length + 4) return false
      }
      return false
    })
  })
}

function printable(text: string): string {
  return (text.match(printed) ?? []).join('\n')
}
