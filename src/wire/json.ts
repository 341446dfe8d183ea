// Reads JSON of unknown shape, such as webhooks and vendors' answers. Nothing here throws.
import { isUtf8 } from 'node:buffer'
import { backslash, closeList, closeObject, comma, openList, openObject, quote } from './json-bytes.ts'

export type Fields = Record<string, unknown>

/** The parsed JSON; undefined if it is not valid UTF-8 or not JSON. */
export function parseJson(raw: Buffer | string): unknown {
  // toString replaces invalid UTF-8 by U+FFFD, which would change the text.
  if (typeof raw !== 'string' && !isUtf8(raw)) return undefined
  const text = raw.toString()
  try {
    // Some senders begin with a byte order mark, which RFC 8259 lets a reader ignore.
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch {
    return undefined
  }
}

/** More than a vendor sends. A mebibyte within them is parsed in less than 100 ms, and one of brackets alone takes half a second. */
const mostLevels = 64
const mostValues = 50_000
export const vendorLimits = `at most ${mostLevels} levels and ${mostValues} values`

/** As `parseJson`, of a vendor's request: also undefined beyond `vendorLimits`, as parsing that would hold the event loop. */
export function parseVendorJson(raw: Buffer): unknown {
  return isWithinLimits(raw) ? parseJson(raw) : undefined
}

/** Counts brackets and commas without parsing. Which bracket closes which is for the parser to check. */
function isWithinLimits(raw: Buffer): boolean {
  let levels = 0
  let values = 0
  let isText = false
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]
    if (isText) {
      if (byte === backslash) i++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === comma) values++
    else if (byte === openList || byte === openObject) {
      values++
      levels++
      if (levels > mostLevels) return false
    } else if (byte === closeList || byte === closeObject) levels--
  }
  return values <= mostValues
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of a value that may not be an object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** The object at a path, which may have list indexes (`charges.data.0`); empty if there is none. */
export function at(value: unknown, ...path: (string | number)[]): Fields {
  let here = value
  for (const step of path) {
    const has = typeof here === 'object' && here !== null && Object.hasOwn(here, step)
    here = has ? (here as Record<string | number, unknown>)[step] : undefined
  }
  return isFields(here) ? here : {}
}

/** The objects in a list. Other values are skipped. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** The text on one line; null if it is not a string, empty, too long, or not storable in Postgres. */
export function textOf(value: unknown, maxLength = 500): string | null {
  if (typeof value !== 'string' || value.length > maxLength) return null
  const text = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return text === '' || !text.isWellFormed() ? null : text
}

/** The first value that is a valid text. */
export function firstText(...values: unknown[]): string | null {
  for (const value of values) {
    const text = textOf(value)
    if (text !== null) return text
  }
  return null
}

/** The id in a field that has an id or an expanded object. */
export function idOf(value: unknown): string | null {
  return textOf(isFields(value) ? value.id : value, 255)
}

/** The year 10000. A later date has milliseconds where seconds are expected. */
const maxSeconds = Date.UTC(10_000, 0) / 1000

/** The date of Unix seconds; null if they are not plausible. */
export function dateOf(seconds: unknown): Date | null {
  return typeof seconds === 'number' && seconds > 0 && seconds < maxSeconds ? new Date(seconds * 1000) : null
}
