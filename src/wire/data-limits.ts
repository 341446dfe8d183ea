// Limits the size and shape of an event's data, so that it can be stored, rendered and planned.
import { type Fields, isFields } from './json.ts'
import { mebibyte } from './sizes.ts'

/** `data` itself is level 1. */
const maxDepth = 64
/** In all nested objects together. */
const maxFields = 1000
/** Fields and the elements of lists. */
export const maxValues = 20_000
const maxCommonBytes = 64 * mebibyte
/** What is said of an event beyond a limit. */
export const tooMuchWork = 'The event is too much work.'
export const notStorable = 'has a NUL or half of a surrogate pair'

interface PlacedFault {
  path: string[]
  message: string
  /** It is too much, and not merely a text that cannot be stored. */
  isLimit: boolean
}

interface Visit {
  value: Fields | unknown[]
  key: string | number
  parent: Visit | null
  depth: number
}

/**
 * The faults of `data`, with their paths in it. Deletes `__proto__` keys, which JSON.parse keeps, so that merging the
 * data cannot change a prototype.
 */
export function dataFaults(data: unknown, maxFaults: number): PlacedFault[] {
  if (!isFields(data)) return [{ path: [], message: 'must be an object', isLimit: false }]
  const faults: PlacedFault[] = []
  let fields = 0
  let values = 0
  // No recursion, since the sender chooses the depth.
  const pending: Visit[] = [{ value: data, key: '', parent: null, depth: 1 }]
  for (let visit = pending.pop(); visit && faults.length < maxFaults; visit = pending.pop()) {
    if (visit.depth > maxDepth) {
      faults.push({ path: pathOf(visit), message: `is nested deeper than ${maxDepth} levels`, isLimit: true })
      continue
    }
    if (Object.hasOwn(visit.value, '__proto__')) Reflect.deleteProperty(visit.value, '__proto__')
    const { value: holder } = visit
    const keys = Array.isArray(holder) ? null : Object.keys(holder)
    const count = keys ? keys.length : (holder as unknown[]).length
    fields += keys ? count : 0
    values += count
    if (fields > maxFields) return [tooMany(maxFields, 'fields')]
    if (values > maxValues) return [tooMany(maxValues, 'values')]
    for (let i = 0; i < count; i++) {
      const key = keys ? (keys[i] ?? '') : i
      const value = (holder as Record<string | number, unknown>)[key]
      if ((keys && !isStorable(String(key))) || (typeof value === 'string' && !isStorable(value)))
        faults.push({ path: [...pathOf(visit), pathSegment(key)], message: notStorable, isLimit: false })
      else if (typeof value === 'object' && value !== null)
        pending.push({ value: value as Fields | unknown[], key, parent: visit, depth: visit.depth + 1 })
    }
  }
  return faults.slice(0, maxFaults)
}

function tooMany(most: number, what: string): PlacedFault {
  return { path: [], message: `must hold at most ${most} ${what}`, isLimit: true }
}

/** Postgres can store neither a NUL nor half of a surrogate pair, in text or in JSON. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function pathOf(visit: Visit): string[] {
  const path: string[] = []
  for (let here: Visit = visit; here.parent; here = here.parent) path.unshift(pathSegment(here.key))
  return path
}

function pathSegment(key: string | number): string {
  return String(key).slice(0, 100).toWellFormed()
}

/** In bytes, as JSON in UTF-8. */
export function sizeOf(data: Fields): number {
  return Buffer.byteLength(JSON.stringify(data))
}

/** The fault if the common data is too large for the number of recipients, each of whom gets a copy; null if it is not. */
export function commonDataFault(data: Fields, recipients: number): string | null {
  if (recipients <= 1) return null
  const size = sizeOf(data)
  if (size * recipients <= maxCommonBytes) return null
  return `is too large for so many recipients: ${size} bytes times ${recipients} is over ${maxCommonBytes} bytes (64 MiB)`
}
