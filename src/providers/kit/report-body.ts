// Reading a report of unknown shape: what comes out is bounded, on one line and fit for Postgres. Nothing here throws.
import { createHash, timingSafeEqual } from 'node:crypto'
import { oneLine } from '../../privacy/redact.ts'
import { dateOf, parseJson } from '../../wire/json.ts'
import type { Refusal, Report } from '../receipt-reader.ts'

/** More than any vendor sends. Reports are read before anybody has shown a secret, so what they may cost is bounded. */
export const maxParameters = 500

/**
 * A form's names, each with all its values, as decoded: neither trimmed nor nested. Null where there are more than
 * `maxParameters`, which is counted in the bytes before anything is decoded.
 */
export function formOf(raw: Buffer): Map<string, string[]> | null {
  let parameters = 1
  for (let at = raw.indexOf('&'); at !== -1; at = raw.indexOf('&', at + 1)) {
    parameters += 1
    if (parameters > maxParameters) return null
  }
  const form = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(raw.toString())) {
    const values = form.get(name)
    if (values) values.push(value)
    else form.set(name, [value])
  }
  return form
}

/**
 * The fields of a report that may come as JSON, as a form, or in the query alone, the first value of each name; undefined
 * where it is bad JSON or has too many parameters.
 */
export function bodyOf({ raw, query }: Pick<Report, 'raw' | 'query'>): unknown {
  // By its first byte: these vendors' accounts choose the format, and not all of them name it in the headers.
  if (/^\s*[[{]/.test(raw.toString('latin1', 0, 100))) return parseJson(raw)
  const form = formOf(raw.length > 0 ? raw : Buffer.from(query.toString()))
  if (!form) return undefined
  // Without a prototype, so that no name in the form can mean anything but itself.
  const fields: Record<string, string> = Object.create(null)
  for (const [name, [value = '']] of form) fields[name] = value
  return fields
}

/** A text or a number on one line; null where there is none. */
export function lineOf(value: unknown, maxLength = 200): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  return oneLine(value.slice(0, maxLength)) || null
}

/** Seconds since 1970, whole or not, as a number or in digits. */
export function secondsOf(value: unknown): Date | null {
  const date = dateOf(typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value) ? Number(value) : value)
  return date && plausible(date)
}

/** ISO 8601 with its zone, a blank for the T allowed: without a zone it would be read in the machine's own. */
export function instantOf(value: unknown): Date | null {
  if (typeof value !== 'string' || value.length > 40) return null
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d(?::?\d\d)?)$/.exec(value)
  if (!parts) return null
  const zone = parts[3] === 'Z' ? 'Z' : `${parts[3]?.slice(0, 3)}:${parts[3]?.slice(3).replace(':', '') || '00'}`
  return plausible(new Date(`${parts[1]}T${parts[2]}${zone}`))
}

/** Null for what no provider of ours can have seen, and Postgres might not take. */
function plausible(date: Date): Date | null {
  const year = date.getUTCFullYear()
  return year >= 2000 && year < 2200 ? date : null
}

/** Whether a signed timestamp in Unix seconds is at most `maxAgeSeconds` old, and no more than 300 s ahead of us. */
export function isFresh(timestamp: string, nowMs: number, maxAgeSeconds: number): boolean {
  // Ten digits exactly: where a signature covers the timestamp and what follows it, none can be moved between the two.
  if (!/^\d{10}$/.test(timestamp)) return false
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp)
  return ageSeconds <= maxAgeSeconds && ageSeconds >= -300
}

/** A name for what the parts say, which tells nobody what they are. */
export function digest(...parts: (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}

export function unverified(detail: string): Refusal {
  return { ok: false, status: 401, detail }
}

export function unreadable(detail: string): Refusal {
  return { ok: false, status: 400, detail }
}
