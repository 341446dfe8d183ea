// Finds email addresses in a text: by their @, with more characters around it than RFC 5321 allows, and known ones with another
// separator, as in a bounce's return path: `bounce+ada=example.com@…`.
import type { Found } from './found.ts'
import type { KnownAddresses } from './known-addresses.ts'

/** A character that cannot be part of the local part. */
const stop = /[\s"<>,;:()[\]{}\\@\p{Cc}]/u
const maxLocalLength = 128
/** The limit of `emailOf`. */
const maxKnownLocalLength = 64
/** One character more than a domain may have, so that a longer word does not match as one. */
const domainAt = /[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,254}/uy
const literalAt = /\[[0-9a-f.:]{2,45}\]/iy
const insteadOfAt = /[=%!#]|\s@\s?|@\s|\s?[([{<]\s?at\s?[)\]}>]\s?|\sat\s/gi

export function emailsIn(text: string): Found[] {
  const found: Found[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const domain = domainFrom(text, at + 1)
    const start = domain === '' ? at : localBefore(text, at)
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

/** The start of the local part before the @. A quoted one may hold anything. */
function localBefore(text: string, at: number): number {
  if (text[at - 1] === '"') {
    const opening = text.slice(Math.max(0, at - maxLocalLength), at - 1).lastIndexOf('"')
    return opening < 0 ? at : Math.max(0, at - maxLocalLength) + opening
  }
  let start = at
  for (; start > 0 && at - start < maxLocalLength; start--) {
    const sign = text[start - 1] ?? ''
    if (stop.test(sign) || (sign === "'" && !/[\p{L}\p{N}]/u.test(text[start - 2] ?? ''))) break
  }
  return start
}

/** Known addresses with another separator than @; where addresses are guessed, whatever could be one. */
export function knownEmailsIn(text: string, { emails, isGuessed }: KnownAddresses): Found[] {
  if (emails.size === 0 && !isGuessed) return []
  const found: Found[] = []
  for (const { 0: sign, index } of text.matchAll(insteadOfAt)) {
    const domain = domainFrom(text, index + sign.length)
    if (domain === '') continue
    const start = isGuessed ? localBefore(text, index) : knownBefore(text, index, emails.get(domain.toLowerCase()))
    const end = index + sign.length + domain.length
    if (start < index) found.push({ start, end, kind: 'email', reads: text.slice(start, index), at: index })
  }
  return found
}

/** The start of the longest known local part that ends at `at`; `at` itself where none does. */
function knownBefore(text: string, at: number, locals: Set<string> = new Set()): number {
  if (locals.size === 0) return at
  const from = Math.max(0, at - maxKnownLocalLength)
  const before = text.slice(from, at).toLowerCase()
  let start = 0
  while (start < before.length && !locals.has(before.slice(start))) start += 1
  return from + start
}
