// What a good value looks like, one small parser a kind, each with what is wrong and what would be right. A parser that
// may be given a secret never repeats its text.
import { BlockList, isIP } from 'node:net'
import type { Parsed } from './reader.ts'

export const good = <T>(value: T): Parsed<T> => ({ ok: true, value })
export const bad = (text: string): { ok: false; text: string } => ({ ok: false, text })
export const show = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)

export function integer(least: number, most: number) {
  return (text: string): Parsed<number> => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most
      ? good(value)
      : bad(`is ${show(text)}; give a whole number from ${least} to ${most}`)
  }
}

export function rate(text: string): Parsed<number> {
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0
  return value > 0 ? good(value) : bad(`is ${show(text)}; give sends a second, a number above 0 such as 10`)
}

export function boolean(text: string): Parsed<boolean> {
  if (/^(true|1)$/i.test(text)) return good(true)
  if (/^(false|0)$/i.test(text)) return good(false)
  return bad(`is ${show(text)}; give true or false`)
}

export function oneOf<const T extends string>(...choices: T[]) {
  return (text: string): Parsed<T> => {
    const found = choices.find((choice) => choice === text.toLowerCase())
    return found ? good(found) : bad(`is ${show(text)}; give one of ${choices.join(', ')}`)
  }
}

/** A key or a token: no spaces, at least `least` characters, one of these beginnings. Never repeated. */
export function secret(least = 1, beginnings: string[] = ['']) {
  return (text: string): Parsed<string> => {
    if (/\s/.test(text)) return bad('holds a space; give the bare key')
    if (!beginnings.some((beginning) => text.startsWith(beginning)))
      return bad(`does not begin with ${beginnings.join(' or ')}; another of the vendor’s values may have been copied`)
    if (text.length < least) return bad(`is too short; give at least ${least} characters, as of openssl rand -hex 32`)
    return good(text)
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A Standard Webhooks secret: `whsec_` and the base64 of `least` to `most` bytes. Never repeated. */
export function webhookSecret(least: number, most: number) {
  return (text: string): Parsed<string> => {
    const encoded = text.startsWith('whsec_') ? text.slice(6) : null
    const bytes = encoded !== null && base64.test(encoded) ? Buffer.from(encoded, 'base64').length : -1
    if (bytes >= least && bytes <= most) return good(text)
    const why = encoded === null ? 'does not begin with whsec_' : bytes < 0 ? 'is not base64' : `has ${bytes} bytes`
    return bad(`${why}; give whsec_ and the base64 of ${least} to ${most} random bytes`)
  }
}

/** An address of one of `protocols`, which may hold a password: never repeated. */
export function address(text: string, protocols: string[], example: string): Parsed<URL> {
  const url = URL.parse(text)
  if (!url || !protocols.includes(url.protocol) || !url.hostname)
    return bad(`is not such a URL; give one such as ${example}`)
  return good(url)
}

/** An http(s) base to which paths are added: no query, no fragment; returned without a slash at its end. */
export function baseUrl(text: string): Parsed<string> {
  const parsed = address(text, ['http:', 'https:'], 'https://example.com')
  if (!parsed.ok) return parsed
  const { username, password, search, hash } = parsed.value
  if (username || password || search || hash)
    return bad('has a user, a query or a fragment; give only https://host/path')
  return good(text.replace(/\/+$/, ''))
}

export function webUrl(text: string): Parsed<string> {
  const parsed = address(text, ['http:', 'https:'], 'https://example.com/logo.png')
  return parsed.ok ? good(parsed.value.href) : parsed
}

const localPart = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
const domain = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*'
const bareAddress = new RegExp(`^${localPart}@${domain}$`)
const namedAddress = new RegExp(`^[^<>]*<${localPart}@${domain}>$`)

export function emailAddress(text: string): Parsed<string> {
  return bareAddress.test(text) ? good(text) : bad(`is ${show(text)}; give an address such as ada@example.com`)
}

export function mailbox(text: string): Parsed<string> {
  if (bareAddress.test(text) || namedAddress.test(text)) return good(text)
  return bad(`is ${show(text)}; give an address, or Name <address> such as Acme <hello@example.com>`)
}

/** `a.example`, as the right side of an address. */
export function domainName(text: string): Parsed<string> {
  return new RegExp(`^${domain}$`).test(text)
    ? good(text)
    : bad(`is ${show(text)}; give a domain such as mg.example.com`)
}

/** A number with or without its plus, a short code, or an alphanumeric sender of up to 11 characters. */
export function smsSender(text: string): Parsed<string> {
  return /^(\+?[1-9]\d{2,14}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11})$/.test(text)
    ? good(text)
    : bad(`is ${show(text)}; give a number such as +14155550100, or a sender id of up to 11 letters and digits`)
}

export function locale(text: string): Parsed<string> {
  try {
    const [found] = Intl.DateTimeFormat.supportedLocalesOf(text)
    if (found) return good(found)
  } catch {
    // RangeError: not a language tag at all.
  }
  return bad(`is ${show(text)}; give a language tag such as en or de-DE`)
}

export function timezone(text: string): Parsed<string> {
  try {
    // Offsets (+01:00) are known to Intl but not to every cron parser, and know no summer time.
    if (/^[A-Za-z]/.test(text))
      return good(new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone)
  } catch {
    // RangeError: unknown.
  }
  return bad(`is ${show(text)}; give a timezone such as UTC or Europe/London`)
}

export function color(text: string): Parsed<string> {
  return /^#[0-9a-f]{6}$/i.test(text) ? good(text.toLowerCase()) : bad(`is ${show(text)}; give #rrggbb such as #1f3a5f`)
}

/** What fastify's `trustProxy` takes; named ranges are proxy-addr's. */
export function trustProxy(text: string): Parsed<boolean | number | string[]> {
  if (/^true$/i.test(text)) return good(true)
  if (/^false$/i.test(text) || text === '0') return good(false)
  if (/^\d{1,2}$/.test(text)) return good(Number(text))
  const blocks = text.split(',').map((block) => block.trim())
  const wrong = blocks.find((block) => !/^(loopback|linklocal|uniquelocal)$/.test(block) && !isBlock(block))
  return wrong === undefined
    ? good(blocks)
    : bad(`has ${show(wrong)}; give true, false, a number of hops, or addresses and CIDR blocks such as 10.0.0.0/8`)
}

function isBlock(text: string): boolean {
  const [ip = '', bits, ...rest] = text.split('/')
  const family = isIP(ip)
  if (!family || rest.length > 0) return false
  if (bits === undefined) return true
  if (!/^\d{1,3}$/.test(bits)) return false
  try {
    new BlockList().addSubnet(ip, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
    return true
  } catch {
    return false
  }
}
