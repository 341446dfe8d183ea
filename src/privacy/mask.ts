// Masks addresses for viewers: enough remains to recognise a customer on the phone, not enough to write to them.
import { eventLoopYielder, type YieldTurn } from '../clock.ts'
import { callingCodeOf } from './calling-codes.ts'
import { findAddresses } from './find-addresses.ts'
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

/** Masks the known addresses in a short text, and whatever looks like one. */
export async function maskText(
  text: string,
  known: KnownAddresses = noKnownAddresses(),
  yieldTurn: YieldTurn = eventLoopYielder(),
): Promise<string> {
  const found: Found[][] = []
  for (const { addresses } of findAddresses(text, known)) {
    found.push(addresses)
    await yieldTurn()
  }
  return replaced(text, found.flat().map(maskOf))
}

/** Masks every text of an answer except times and our own ids, one by one. What is masked together shares a yielder. */
export async function maskAll<T>(
  answer: T,
  known: KnownAddresses = noKnownAddresses(),
  yieldTurn: YieldTurn = eventLoopYielder(),
): Promise<T> {
  const masked = async (value: unknown): Promise<unknown> => {
    if (typeof value === 'string') return ownIdOrTime.test(value) ? value : maskText(value, known, yieldTurn)
    if (typeof value !== 'object' || value === null || value instanceof Date) return value
    const fields: [string, unknown][] = []
    for (const [name, each] of Object.entries(value)) fields.push([name, await masked(each)])
    return Array.isArray(value) ? fields.map(([, each]) => each) : Object.fromEntries(fields)
  }
  return (await masked(answer)) as T
}

/** Masks a raw body, which may have megabytes, piece by piece, and yields to the event loop between them. JSON stays JSON. */
export async function* maskedPieces(text: string, known: KnownAddresses): AsyncGenerator<string> {
  const yieldTurn = eventLoopYielder()
  const { replace, rest } = replacer(text)
  const isInString = /^\s*[[{]/.test(text) ? stringsOf(text) : () => true
  let open: Found[] = []
  for (const { addresses, completeTo } of findAddresses(text, known)) {
    await yieldTurn()
    const inOrder = [...open, ...addresses].sort((a, b) => a.start - b.start)
    open = inOrder.filter(({ start }) => start >= completeTo)
    const masked = inOrder.slice(0, inOrder.length - open.length).map(maskOf)
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
