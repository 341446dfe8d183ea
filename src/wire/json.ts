// Reading JSON of unknown shape: a body we were sent, a vendor's answer, an object of any API version. Nothing here throws.
import { isUtf8 } from 'node:buffer'

export type Fields = Record<string, unknown>

/** The body's JSON; undefined where it is not UTF-8 or not JSON (no JSON text is undefined). */
export function parseJson(raw: Buffer | string): unknown {
  // toString would put U+FFFD for what is not UTF-8, and so store other words than were sent.
  if (typeof raw !== 'string' && !isUtf8(raw)) return undefined
  try {
    return JSON.parse(raw.toString())
  } catch {
    return undefined
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of a value that may be no object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** The object at a path, through lists too (`charges.data.0`); empty where there is none, so that reading goes on. */
export function at(value: unknown, ...path: (string | number)[]): Fields {
  let here = value
  for (const step of path) {
    const has = typeof here === 'object' && here !== null && Object.hasOwn(here, step)
    here = has ? (here as Record<string | number, unknown>)[step] : undefined
  }
  return isFields(here) ? here : {}
}

/** The objects of a list, whatever else stands in it. */
export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** A text of one line that Postgres can keep and a person can read; null where there is none. */
export function textOf(value: unknown, maxLength = 500): string | null {
  if (typeof value !== 'string' || value.length > maxLength) return null
  const text = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return text === '' || !text.isWellFormed() ? null : text
}

/** The first that is there. */
export function firstText(...values: unknown[]): string | null {
  for (const value of values) {
    const text = textOf(value)
    if (text !== null) return text
  }
  return null
}

/** The id of an expandable field, which is an id or the object itself. */
export function idOf(value: unknown): string | null {
  return textOf(isFields(value) ? value.id : value, 255)
}

/** The year 10000, in seconds: no date of any payment, but what milliseconds in a field for seconds come to. */
const maxSeconds = Date.UTC(10_000, 0) / 1000

/** Seconds since 1970 as a date. */
export function dateOf(seconds: unknown): Date | null {
  return typeof seconds === 'number' && seconds > 0 && seconds < maxSeconds ? new Date(seconds * 1000) : null
}
