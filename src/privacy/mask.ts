// Masks addresses for viewers: enough remains to recognise a customer on the phone, not enough to write to them.
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { callingCodeOf } from './calling-codes.ts'
import { findAddresses } from './find-addresses.ts'
import { type Found, type Replacement, replaced } from './found.ts'
import { type KnownAddresses, noKnownAddresses } from './known-addresses.ts'

/** `a***@example.com`, `+1***23`. An app's URL loses its query, which may hold a key. */
export function maskAddress(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\?.*$/, '?***')
  const at = address.lastIndexOf('@')
  if (at > 0) return `${[...address][0]}***${address.slice(at)}`
  return address.length > 6 ? maskPhone(address) : '***'
}

const ownIdOrTime = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/

/** Keeps the country's code and two digits: with more, a search or two would find the rest. */
function maskPhone(written: string): string {
  const digits = written.replace(/\D/g, '')
  return `${written.startsWith('+') ? `+${callingCodeOf(digits)}` : ''}***${digits.slice(-2)}`
}

/** Masks the known addresses in a text, and whatever looks like one. */
export function maskText(text: string, known: KnownAddresses = noKnownAddresses()): string {
  return replaced(text, [...findAddresses(text, known)].flat().map(maskOf))
}

/** Masks every text of an answer except times and our own ids. */
export function maskAll<T>(answer: T, known: KnownAddresses = noKnownAddresses()): T {
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return ownIdOrTime.test(value) ? value : maskText(value, known)
    if (Array.isArray(value)) return value.map(masked)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each)]))
  }
  return masked(answer) as T
}

/** Masks a raw body, which may have megabytes, and yields to the event loop between its parts. JSON stays JSON. */
export async function maskBody(text: string, known: KnownAddresses): Promise<string> {
  const masks: Replacement[] = []
  for (const part of findAddresses(text, known)) {
    masks.push(...part.map(maskOf))
    await yieldToEventLoop()
  }
  if (!/^\s*[[{]/.test(text)) return replaced(text, masks)
  const isInString = stringsOf(text)
  const inOrder = masks.toSorted((a, b) => a.start - b.start)
  return replaced(
    text,
    inOrder.map((mask) => (isInString(mask.start) ? mask : { ...mask, by: `"${mask.by}"` })),
  )
}

/** An email keeps its first character and its domain. */
function maskOf({ kind, start, end, at = end, reads }: Found): Replacement {
  const by =
    kind === 'encoded' ? '***' : kind === 'phone' ? maskPhone(reads) : `${/^[\p{L}\p{N}]/u.exec(reads) ?? ''}***`
  return { start, end: at, by }
}

/** Whether a position lies within a string of a JSON text. Positions must be asked for in ascending order. */
function stringsOf(text: string): (place: number) => boolean {
  let at = 0
  let inside = false
  return (place) => {
    for (; at < place; at++) {
      if (inside && text[at] === '\\') at++
      else if (text[at] === '"') inside = !inside
    }
    return inside
  }
}

/** Masks the tokens of unsubscribe links: a token lets anyone change the person's preferences. */
export function maskTokens(text: string): string {
  return text.replace(/(\/unsubscribe\/)[\w-]+/g, '$1***')
}
