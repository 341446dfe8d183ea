// Reads email addresses as people write them, into the form in which a mail server takes them.
import { domainToASCII } from 'node:url'

/** `needsUtf8`: it is an address, but only SMTPUTF8 (RFC 6531) can carry it, which hardly any provider does. */
export type ReadEmail = { ok: true; email: string } | { ok: false; needsUtf8: boolean }

const maxLength = 254
const maxLocalLength = 64
const atom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/** With dots side by side or before the @, as Japan's mobile carriers gave out until 2009. */
const looseAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*$/
const quotedText = /^"((?:[ !#-[\]-~]|\\[ -~])+)"$/
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
/** With a dot, and with a top-level domain that does not begin with a digit. */
const domainName = new RegExp(`^(?:${label}\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
/** What a domain in letters other than ASCII may hold; the joiners are a part of some Indian words. */
const idn = /^(?:[\p{L}\p{M}\p{N}.\u3002-]|\p{Join_Control})+$/u

/**
 * The address without blanks around it: a domain with other letters than ASCII becomes `xn--…`, and a local part is quoted only
 * if it must be.
 */
export function readEmail(value: unknown): ReadEmail {
  // The limit is checked first, so that no pattern runs over an unbounded text.
  const text = typeof value === 'string' ? value.trim() : ''
  if (text.length > maxLength) return { ok: false, needsUtf8: false }
  const at = text.lastIndexOf('@')
  const given = text.slice(0, Math.max(at, 0))
  const local = localOf(given)
  const domain = domainOf(text.slice(at + 1))
  if (local === null || domain === null) return { ok: false, needsUtf8: domain !== null && isForeign(given) }
  const email = `${local}@${domain}`
  if (local.length > maxLocalLength || email.length > maxLength) return { ok: false, needsUtf8: false }
  return { ok: true, email }
}

/** The address as `readEmail` returns it, or null. */
export function emailOf(value: unknown): string | null {
  const read = readEmail(value)
  return read.ok ? read.email : null
}

/** What is wrong with a text that is no address, in the words of every answer. */
export function emailFault(value: unknown): string {
  const read = readEmail(value)
  return !read.ok && read.needsUtf8
    ? 'must have ASCII letters alone before the @: providers do not carry others (SMTPUTF8)'
    : 'must be an email address'
}

function isForeign(local: string): boolean {
  return /^[\p{L}\p{M}\p{N}.+_-]+$/u.test(local) && /\P{ASCII}/u.test(local)
}

/** `"ada"` is the same mailbox as `ada`; `taro..x` needs quotes on the wire (RFC 5321, 4.1.2). */
function localOf(text: string): string | null {
  if (atom.test(text)) return text
  if (looseAtom.test(text)) return `"${text}"`
  const quoted = quotedText.exec(text)?.[1]
  if (quoted === undefined) return null
  const plain = quoted.replaceAll(/\\(.)/g, '$1')
  return atom.test(plain) ? plain : `"${plain.replaceAll(/["\\]/g, '\\$&')}"`
}

function domainOf(text: string): string | null {
  const domain = /\P{ASCII}/u.test(text) && idn.test(text) ? domainToASCII(text) : text
  return domainName.test(domain) ? domain : null
}
