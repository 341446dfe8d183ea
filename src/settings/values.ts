// Parsers for the values of settings. A fault says what is wrong and how to correct it; it never contains a possible
// secret.
import { BlockList, isIP } from 'node:net'
import { emailOf } from '../domain/email-address.ts'
import type { Parsed } from './reader.ts'

export const valid = <T>(value: T): Parsed<T> => ({ ok: true, value })
export const invalid = (text: string): { ok: false; text: string } => ({ ok: false, text })
export const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)

export function integer(least: number, most: number) {
  return (text: string): Parsed<number> => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most
      ? valid(value)
      : invalid(`is ${quoted(text)}; give a whole number from ${least} to ${most}`)
  }
}

export function rate(text: string): Parsed<number> {
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0
  return value > 0 ? valid(value) : invalid(`is ${quoted(text)}; give sends per second, a number above 0 such as 10`)
}

export function boolean(text: string): Parsed<boolean> {
  if (/^(true|1)$/i.test(text)) return valid(true)
  if (/^(false|0)$/i.test(text)) return valid(false)
  return invalid(`is ${quoted(text)}; give true or false`)
}

export function oneOf<const T extends string>(...choices: T[]) {
  return (text: string): Parsed<T> => {
    const found = choices.find((choice) => choice === text.toLowerCase())
    return found ? valid(found) : invalid(`is ${quoted(text)}; give one of ${choices.join(', ')}`)
  }
}

/**
 * A key or a token: no spaces, at least `least` characters, and with a prefix no characters but those of such keys. Faults do not
 * show it.
 */
export function secret(least = 1, prefixes: string[] = ['']) {
  return (text: string): Parsed<string> => {
    if (/\s/.test(text)) return invalid('has a space; give the key only')
    if (/^["'“‘]|["'”’]$/.test(text))
      return invalid('has a quotation mark at its start or end; give the key without it')
    if (/\p{Cf}/u.test(text)) return invalid('has an invisible character; copy the key again, without it')
    const prefix = prefixes.find((prefix) => text.startsWith(prefix))
    if (prefix === undefined)
      return invalid(
        `does not start with ${prefixes.join(' or ')}; another of the vendor’s values may have been copied`,
      )
    if (prefix !== '' && !/^[\w+/=.-]+$/.test(text))
      return invalid(
        'has a character that such a key does not have; give one key, or several with commas where it says so',
      )
    if (prefix !== '' && /^(x+|\.+|y?our[\w-]*)$/i.test(text.slice(prefix.length)))
      return invalid('is the placeholder of an example; give the key itself')
    if (text.length < least)
      return invalid(`is too short; give at least ${least} characters, such as openssl rand -hex 32 prints`)
    return valid(text)
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A Standard Webhooks secret: `whsec_` and the base64 of `least` to `most` bytes. Faults do not show it. */
export function webhookSecret(least: number, most: number) {
  return (text: string): Parsed<string> => {
    const encoded = text.startsWith('whsec_') ? text.slice(6) : null
    const bytes = encoded !== null && base64.test(encoded) ? Buffer.from(encoded, 'base64').length : -1
    if (bytes >= least && bytes <= most) return valid(text)
    const why = encoded === null ? 'does not start with whsec_' : bytes < 0 ? 'is not base64' : `has ${bytes} bytes`
    return invalid(`${why}; give whsec_ and the base64 of ${least} to ${most} random bytes`)
  }
}

/** A URL of one of `protocols`. Faults do not show it, because it may have a password. */
export function address(text: string, protocols: string[], example: string): Parsed<URL> {
  const url = URL.parse(text)
  if (url && protocols.includes(url.protocol) && url.hostname) return valid(url)
  return protocols.some((protocol) => text.toLowerCase().startsWith(protocol))
    ? invalid(`is not a valid URL; give one such as ${example}`)
    : invalid(
        `does not start with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}; give one such as ${example}`,
      )
}

/** An http(s) URL without user, query and fragment. Returned without a trailing slash. */
export function baseUrl(text: string): Parsed<string> {
  const parsed = address(text, ['http:', 'https:'], 'https://example.com')
  if (!parsed.ok) return parsed
  const { username, password, search, hash } = parsed.value
  if (username || password || search || hash)
    return invalid('has a user, a query or a fragment; give only https://host/path')
  return valid(text.replace(/\/+$/, ''))
}

export function webUrl(text: string): Parsed<string> {
  const parsed = address(text, ['http:', 'https:'], 'https://example.com/path')
  return parsed.ok ? valid(parsed.value.href) : parsed
}

const domain = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*'

/** Also one at `localhost`, for a mail catcher. */
function addressOf(text: string): string | null {
  return /@localhost$/i.test(text) ? emailOf(`${text}.example`) && text : emailOf(text)
}

export function emailAddress(text: string): Parsed<string> {
  const email = addressOf(text)
  return email ? valid(email) : invalid(`is ${quoted(text)}; give an address such as ada@example.com`)
}

export function mailbox(text: string): Parsed<string> {
  const [, name = '', named = null] = /^([^<>]*)<([^<>]*)>$/.exec(text) ?? []
  const email = addressOf(named ?? text)
  if (email && name.includes('=?'))
    return invalid(`is ${quoted(text)}; write the name in plain letters, as it is encoded when it is sent`)
  if (email) return valid(named === null ? email : `${name}<${email}>`)
  return invalid(`is ${quoted(text)}; give an address, or Name <address> such as Acme <hello@example.com>`)
}

export function domainName(text: string): Parsed<string> {
  return new RegExp(`^${domain}$`).test(text)
    ? valid(text)
    : invalid(`is ${quoted(text)}; give a domain such as mg.example.com`)
}

/** A number with or without the plus, a short code, or an alphanumeric sender id of up to 11 characters. */
export function smsSender(text: string): Parsed<string> {
  return /^(\+?[1-9]\d{2,14}|(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11})$/.test(text)
    ? valid(text)
    : invalid(`is ${quoted(text)}; give a number such as +14155550100, or a sender id of up to 11 letters and digits`)
}

export function locale(text: string): Parsed<string> {
  try {
    const [found] = Intl.DateTimeFormat.supportedLocalesOf(text)
    if (found) return valid(found)
  } catch {
    // RangeError: not a language tag.
  }
  return invalid(`is ${quoted(text)}; give a language tag such as en or de-DE`)
}

export function timezone(text: string): Parsed<string> {
  try {
    // Intl accepts offsets (+01:00), but not every cron parser does, and they have no daylight saving time.
    if (/^[A-Za-z]/.test(text))
      return valid(new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone)
  } catch {
    // RangeError: unknown timezone.
  }
  return invalid(`is ${quoted(text)}; give a timezone such as UTC or Europe/London`)
}

export function color(text: string): Parsed<string> {
  return /^#[0-9a-f]{6}$/i.test(text)
    ? valid(text.toLowerCase())
    : invalid(`is ${quoted(text)}; give #rrggbb such as #1f3a5f`)
}

/** A value of Fastify's `trustProxy`. The named ranges are those of proxy-addr. */
export function trustProxy(text: string): Parsed<boolean | number | string[]> {
  if (/^true$/i.test(text)) return valid(true)
  if (/^false$/i.test(text) || text === '0') return valid(false)
  if (/^\d{1,2}$/.test(text)) return valid(Number(text))
  const blocks = text.split(',').map((block) => block.trim())
  const wrong = blocks.find((block) => !/^(loopback|linklocal|uniquelocal)$/.test(block) && !isBlock(block))
  return wrong === undefined
    ? valid(blocks)
    : invalid(
        `has ${quoted(wrong)}; give true, false, a number of hops, or addresses and CIDR blocks such as 10.0.0.0/8`,
      )
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
