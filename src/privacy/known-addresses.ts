// Collects the addresses that an event names, so that they are found in other spellings elsewhere, such as a phone number
// without its plus.
import { eventLoopYielder } from '../clock.ts'
import { inAsciiDigits } from '../domain/digits.ts'
import { emailOf } from '../domain/email-address.ts'
import { isFields } from '../wire/json.ts'
import { callingCodeOf } from './calling-codes.ts'
import { LocalParts } from './local-parts.ts'

export interface KnownAddresses {
  /** As they were given. */
  written: Set<string>
  /** Local parts by domain, in lower case. */
  emails: Map<string, LocalParts>
  /** Numbers, with and without their country's code, by their first digits. */
  phones: Map<string, Set<string>>
  /** The body was not read, so every number as long as a phone number counts as one. */
  isGuessed: boolean
}

/** The fewest digits of a known number. */
export const minDigits = 6
/** The limit of E.164. */
export const maxDigits = 15
/** After this many fields the event loop may have a turn: a body may have a million. */
const fieldsAtOnce = 1_000
const phoneKey = /phone|mobile|msisdn|^tel|tel$|telefon|whatsapp|contact|cell|^fax|fax$|^sms$|handy|celular/i
const writtenPhone = /^[\p{Z}\p{Cf}\p{Pd}\s+＋\p{Nd}()./_]{6,60}$/u

export function noKnownAddresses(): KnownAddresses {
  return { written: new Set(), emails: new Map(), phones: new Map(), isGuessed: false }
}

/** Adds the addresses and recipient ids of rows. */
export function addAddresses(known: KnownAddresses, addresses: (string | null | undefined)[]): KnownAddresses {
  for (const address of addresses) {
    if (!address) continue
    if (emailOf(address)) knowEmail(known, address)
    else if (hasPlus(address) || isBareNumber(address)) knowPhone(known, address)
  }
  return known
}

/** Adds what a body names: all emails and E.164 numbers, and any number under a key that names a phone. */
export async function addBody(known: KnownAddresses, body: unknown): Promise<KnownAddresses> {
  const waiting: { key: string; value: unknown }[] = [{ key: '', value: body }]
  const yieldTurn = eventLoopYielder()
  let read = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { key, value } = next
    if (Array.isArray(value)) for (const each of value) waiting.push({ key, value: each })
    else if (isFields(value)) for (const [name, each] of Object.entries(value)) waiting.push({ key: name, value: each })
    else if (typeof value === 'string' || typeof value === 'number') knowField(known, key, String(value))
    read += 1
    if (read % fieldsAtOnce === 0) await yieldTurn()
  }
  return known
}

function knowField(known: KnownAddresses, key: string, value: string): void {
  // A longer value is not an address.
  if (value.length > 254) return
  if (emailOf(value.trim())) knowEmail(known, value.trim())
  else if (hasPlus(value) || (phoneKey.test(key) && writtenPhone.test(value))) knowPhone(known, value)
}

/** Whether it is written as an international number, even one that no country has. */
function hasPlus(text: string): boolean {
  return writtenPhone.test(text) && /^\D*[+＋]/.test(text)
}

/** A number as long as a phone number with its area code. Some apps use phone numbers as ids. */
export function isBareNumber(text: string): boolean {
  return /^\d{10,15}$/.test(inAsciiDigits(text))
}

function knowEmail({ written, emails }: KnownAddresses, email: string): void {
  written.add(email)
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const locals = emails.get(domain) ?? new LocalParts()
  locals.add(email.slice(0, at).toLowerCase())
  emails.set(domain, locals)
}

function knowPhone({ written, phones }: KnownAddresses, phone: string): void {
  written.add(phone)
  const digits = inAsciiDigits(phone.normalize('NFKC')).replace(/\D/g, '')
  const local = digits.replace(/^0+/, '')
  const isWhole = phone.trim().startsWith('+') || local.length > 10
  for (const one of [digits, local, isWhole ? local.slice(callingCodeOf(local).length) : '']) {
    if (one.length < minDigits || one.length > maxDigits) continue
    const first = one.slice(0, minDigits)
    phones.set(first, (phones.get(first) ?? new Set()).add(one))
  }
}
