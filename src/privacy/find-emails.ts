// Finds email addresses in a text: by their @, with more characters around it than RFC 5321 allows, and known ones with another
// separator, as in a bounce's return path: `bounce+ada=example.com@…`.
import type { Found } from './found.ts'
import type { KnownAddresses } from './known-addresses.ts'

/** A character that cannot be part of the local part. */
const stop = /[\s"<>,;:()[\]{}\\@\p{Cc}]/u
const maxLocalLength = 128
/** One character more than a domain may have, so that a longer word does not match as one. */
const domainAt = /[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,254}/uy
const inDomain = /[\p{L}\p{M}\p{N}._-]/u
const maxDomainLength = 255
const literalAt = /\[[0-9a-f.:]{2,45}\]/iy
/** The local part in a bang path, which ends at the next bang. */
const localAfterBang = /[^\s"<>,;:()[\]{}\\@!\p{Cc}]{1,64}/uy
const insteadOfAt = /[=%!#]|\s@\s?|@\s|\s?[([{<]\s?at\s?[)\]}>]\s?|\sat\s/gi

export function emailsIn(text: string): Found[] {
  const found: Found[] = []
  const localBefore = localsIn(text)
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const domain = domainFrom(text, at + 1)
    const start = domain === '' ? at : localBefore(at)
    if (start < at) found.push({ start, end: at + 1 + domain.length, kind: 'email', reads: text.slice(start, at), at })
  }
  return found
}

/** The domain that begins here; empty where it is not one that could receive mail. */
function domainFrom(text: string, from: number): string {
  literalAt.lastIndex = from
  const literal = literalAt.exec(text)?.[0]
  if (literal) return literal
  domainAt.lastIndex = from
  const domain = (domainAt.exec(text)?.[0] ?? '').replace(/[._-]{1,255}$/, '')
  const last = domain.slice(domain.lastIndexOf('.') + 1)
  return domain.includes('.') && last.length > 1 && /\p{L}/u.test(last) ? domain : ''
}

/**
 * Answers the start of the local part before a position. Positions must be asked for in ascending order, so that each character
 * is looked at once. A quoted local part may hold anything.
 */
function localsIn(text: string): (at: number) => number {
  let read = 0
  let afterStop = 0
  return (at) => {
    for (; read < at; read++) if (isStop(text, read)) afterStop = read + 1
    const earliest = Math.max(0, at - maxLocalLength)
    if (text[at - 1] !== '"') return Math.max(afterStop, earliest)
    const opening = text.slice(earliest, at - 1).lastIndexOf('"')
    return opening < 0 ? at : earliest + opening
  }
}

function isStop(text: string, place: number): boolean {
  const sign = text[place] ?? ''
  return stop.test(sign) || (sign === "'" && !/[\p{L}\p{N}]/u.test(text[place - 1] ?? ''))
}

/** Known addresses with another separator than @; where addresses are guessed, whatever could be one. */
export function knownEmailsIn(text: string, { emails, isGuessed }: KnownAddresses): Found[] {
  if (emails.size === 0 && !isGuessed) return []
  const found: Found[] = []
  const localBefore = localsIn(text)
  for (const { 0: sign, index } of text.matchAll(insteadOfAt)) {
    const domain = domainFrom(text, index + sign.length)
    if (domain === '') continue
    const start = isGuessed
      ? localBefore(index)
      : index - (emails.get(domain.toLowerCase())?.lengthBefore(text, index) ?? 0)
    const end = index + sign.length + domain.length
    if (start < index) found.push({ start, end, kind: 'email', reads: text.slice(start, index), at: index })
  }
  return found
}

/** Known addresses as bang paths: `example.com!ada`. The domain stays, as in an address. */
export function knownBangPathsIn(text: string, { emails }: KnownAddresses): Found[] {
  if (emails.size === 0) return []
  const found: Found[] = []
  let domainStart = 0
  let read = 0
  for (let bang = text.indexOf('!'); bang >= 0; bang = text.indexOf('!', bang + 1)) {
    for (; read < bang; read++) if (!inDomain.test(text[read] ?? '')) domainStart = read + 1
    if (bang - domainStart > maxDomainLength) continue
    const locals = emails.get(text.slice(domainStart, bang).toLowerCase())
    localAfterBang.lastIndex = bang + 1
    const word = locals && localAfterBang.exec(text)?.[0]
    const length = word ? locals.lengthAtStart(word) : 0
    const [start, end] = [bang + 1, bang + 1 + length]
    if (length > 0) found.push({ start, end, kind: 'email', reads: text.slice(start, end) })
  }
  return found
}
