// Reads reports of unknown shape into bounded, single-line values that Postgres can store. Nothing here throws.
import { createHash } from 'node:crypto'
import { oneLine } from '../../privacy/redact.ts'
import { maxParameters, parametersOf } from '../../wire/form.ts'
import { dateOf, parseVendorJson } from '../../wire/json.ts'
import type { Refusal, Report } from '../receipt-reader.ts'
import { multipartOf } from './multipart.ts'

/** The decoded values of each name of a form. Null if there are more than `maxParameters`. */
export function formOf(raw: Buffer): Map<string, string[]> | null {
  const parameters = parametersOf(raw)
  if (!parameters) return null
  const form = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    const values = form.get(name)
    if (values) values.push(value)
    else form.set(name, [value])
  }
  return form
}

const byteOrderMark = Buffer.from('\ufeff')

/**
 * The fields of a report in JSON, a form, multipart or the query: the first value of each name. Undefined if it is invalid
 * JSON, or has too many parameters or values.
 */
export function bodyOf({ raw: bytes, query }: Pick<Report, 'raw' | 'query'>): unknown {
  const raw = bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes
  // The account chooses the format, and not every vendor names it in the headers.
  if (/^\s*[[{]/.test(raw.toString('latin1', 0, 100))) return parseVendorJson(raw)
  const form = multipartOf(raw, maxParameters) ?? formOf(raw.length > 0 ? raw : Buffer.from(query.toString()))
  if (!form) return undefined
  // No prototype, so that a parameter named `__proto__` is an ordinary field.
  const fields: Record<string, string> = Object.create(null)
  for (const [name, [value = '']] of form) fields[name] = value
  return fields
}

/** A string or a number as one line; null if it is neither or empty. */
export function lineOf(value: unknown, maxLength = 200): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  return oneLine(value.slice(0, maxLength)) || null
}

/** Unix seconds, as a number or a string. Fractions are allowed. */
export function secondsOf(value: unknown): Date | null {
  const date = dateOf(typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value) ? Number(value) : value)
  return date && plausible(date)
}

/** ISO 8601 with `T` or a space. A zone is required, since Date would otherwise assume the machine's. */
export function instantOf(value: unknown): Date | null {
  if (typeof value !== 'string' || value.length > 40) return null
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d(?::?\d\d)?)$/.exec(value)
  if (!parts) return null
  const zone = parts[3] === 'Z' ? 'Z' : `${parts[3]?.slice(0, 3)}:${parts[3]?.slice(3).replace(':', '') || '00'}`
  return plausible(new Date(`${parts[1]}T${parts[2]}${zone}`))
}

/** Null outside the years 2000 to 2199. */
function plausible(date: Date): Date | null {
  const year = date.getUTCFullYear()
  return year >= 2000 && year < 2200 ? date : null
}

/** Whether a signed timestamp in Unix seconds is at most `maxAgeSeconds` old and at most 300 s in the future. */
export function isFresh(timestamp: string, nowMs: number, maxAgeSeconds: number): boolean {
  // Exactly ten digits: a signature over the concatenated timestamp and body would also match with a digit moved
  // between them.
  if (!/^\d{10}$/.test(timestamp)) return false
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp)
  return ageSeconds <= maxAgeSeconds && ageSeconds >= -300
}

/** A deduplication key that does not reveal the parts. */
export function digest(...parts: (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

export function unverified(detail: string): Refusal {
  return { ok: false, status: 401, detail }
}

export function unreadable(detail: string): Refusal {
  return { ok: false, status: 400, detail }
}
