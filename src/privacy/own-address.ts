// Decides whether an address that was found in a text is one of a person's own: a text may hold the addresses of others too.
import { domainToASCII } from 'node:url'
import { printedIn } from './find-addresses.ts'
import type { Found } from './found.ts'
import { type KnownAddresses, maxDigits, minDigits } from './known-addresses.ts'
import { viewsOf } from './views.ts'

/** So many digits of a known number are no accident, whatever digits stand around them. */
const digitsEnough = 9
/** What a number begins with when it is dialled. */
const dialled = /^(?:0?011|0{1,3})/
/** What may stand before a local part and belongs to something else, such as a URL's `to=`. */
const before = /[^\p{L}\p{N}._+-]/gu
const notInDomain = /[^\p{L}\p{M}\p{N}._-]/u
/** Runs that may be base64 or hexadecimal. */
const runs = /[A-Za-z0-9+/_-]{8,}/g
const hex = /^(?:[0-9a-f]{2})+$/i

/** Whether an email or phone number that was found in a text is the person's; `isPacked` where the text was decoded from a run. */
export type IsOwnAddress = (text: string, found: Found, isPacked: boolean) => boolean

/** `phones` is as in `KnownAddresses`. */
export function ownAddress(addresses: Iterable<string>, phones: KnownAddresses['phones']): IsOwnAddress {
  const domains = new Map<string, Set<string>>()
  for (const address of addresses) {
    const at = address.lastIndexOf('@')
    const local = withoutQuotes(address.slice(0, Math.max(0, at)))
    if (at > 0) domains.set(local, (domains.get(local) ?? new Set()).add(address.slice(at + 1)))
  }

  const isEmail = (text: string, { reads, start, end }: Found, isPacked: boolean) => {
    const local = withoutQuotes(normalized(reads))
    const possible = startsOf(local, isPacked).flatMap((one) => [...(domains.get(local.slice(one)) ?? [])])
    if (possible.length === 0 || (!isPacked && isInWord(text, start))) return false
    return [...viewsOf(text.slice(start, end))].some((view) =>
      normalized(view.text)
        .split(notInDomain)
        .some((one) => possible.includes(one) || (/\P{ASCII}/u.test(one) && possible.includes(domainToASCII(one)))),
    )
  }

  const isPhone = (text: string, { reads, start, end }: Found) => {
    const digits = reads.replace(/\D/g, '')
    const short = new Set<string>()
    for (let i = 0; i + minDigits <= digits.length; i++) {
      const alike = phones.get(digits.slice(i, i + minDigits))
      for (let length = alike ? minDigits : maxDigits + 1; length <= maxDigits; length++) {
        const number = digits.slice(i, i + length)
        if (!alike?.has(number)) continue
        if (number.length >= digitsEnough) return true
        short.add(number)
      }
    }
    return short.size > 0 && containsSeparately(around(text, start, end), short)
  }

  return (text, found, isPacked) =>
    found.kind === 'email' ? isEmail(text, found, isPacked) : found.kind === 'phone' && isPhone(text, found)
}

/** Where the person's local part may begin. What was packed may have begun with any sign, such as a length. */
function startsOf(local: string, isPacked: boolean): number[] {
  if (isPacked) return [...local].map((_sign, index) => index)
  return [0, ...[...local.matchAll(before)].map(({ 0: sign, index }) => index + sign.length)]
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
        yield printedIn(bytes.toString())
        if (bytes.includes(0)) yield printedIn(bytes.toString('utf16le'))
      }
    }
}

/** Whether the text goes on before the position with a letter or digit, however that is encoded. */
function isInWord(text: string, start: number): boolean {
  return start > 0 && [...viewsOf(around(text, start, start - 1))].every((view) => /[\p{L}\p{N}]$/u.test(view.text))
}

/** With the encoded signs before it. */
function around(text: string, start: number, end: number): string {
  return text.slice(Math.max(0, start - 16), end + 1)
}

/** `"ada"` is the same mailbox as `ada`. */
function withoutQuotes(local: string): string {
  return local.replaceAll('"', '')
}

function normalized(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** Whether one of these numbers stands between separators, of which it may have some of its own. */
function containsSeparately(text: string, numbers: ReadonlySet<string>): boolean {
  return [...viewsOf(text)].some((view) => {
    const groups = normalized(view.text).match(/\d+/g) ?? []
    return groups.some((_group, first) => {
      let joined = ''
      for (let i = first; i < groups.length && joined.length < maxDigits; i++) {
        joined += groups[i]
        if (numbers.has(joined) || numbers.has(joined.replace(dialled, ''))) return true
      }
      return false
    })
  })
}
