// Masks addresses for viewers: enough remains to recognise a customer on the phone, not enough to write to them.
import { eventLoopYielder } from '../clock.ts'
import { callingCodeOf } from './calling-codes.ts'
import { allAddresses, findAddresses } from './find-addresses.ts'
import { type Found, type Replacement, replaced, replacer } from './found.ts'
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
  return replaced(text, allAddresses(text, known).map(maskOf))
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

/** Masks a raw body, which may have megabytes, piece by piece, and yields to the event loop between them. JSON stays JSON. */
export async function* maskedPieces(text: string, known: KnownAddresses): AsyncGenerator<string> {
  const yieldTurn = eventLoopYielder()
  const { replace, rest } = replacer(text)
  const isInString = /^\s*[[{]/.test(text) ? stringsOf(text) : () => true
  let begun: Found[] = []
  for (const { addresses, completeTo } of findAddresses(text, known)) {
    await yieldTurn()
    const inOrder = [...begun, ...addresses].sort((a, b) => a.start - b.start)
    begun = inOrder.filter(({ start }) => start >= completeTo)
    const masked = inOrder.slice(0, inOrder.length - begun.length).map(maskOf)
    yield masked.map((mask) => replace(isInString(mask.start) ? mask : { ...mask, by: `"${mask.by}"` })).join('')
  }
  yield rest()
}

/** As `maskedPieces`, in one text. */
export async function maskBody(text: string, known: KnownAddresses): Promise<string> {
  let masked = ''
  for await (const piece of maskedPieces(text, known)) masked += piece
  return masked
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
