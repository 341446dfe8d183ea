// The addresses that an event names, whatever they look like elsewhere: those of its recipients and what stands under the
// name of a phone. A number without its plus is found by them.
import { setImmediate as turn } from 'node:timers/promises'
import { emailOf, phoneOf } from '../domain/address.ts'
import { isFields } from '../wire/json.ts'
import { callingCodeOf } from './calling-codes.ts'

export interface KnownAddresses {
  /** As they were given. */
  written: Set<string>
  /** What stands before the @, by what stands behind it, in lower case. */
  emails: Map<string, Set<string>>
  /** Numbers by the first of their digits, with their country's code and without. */
  phones: Map<string, Set<string>>
  /** Nobody could look who it is about: every number that is as long as a phone number counts as one. */
  isGuessed: boolean
}

/** The fewest digits that are taken for somebody's number. */
export const fewestDigits = 6
/** As E.164 has it. */
export const mostDigits = 15
/** Then others have their turn: a body may have a million. */
const fieldsAtOnce = 20_000
const phoneKey = /phone|mobile|msisdn|^tel|tel$|telefon|whatsapp|contact|cell|^fax|fax$|^sms$|handy|celular/i
const writtenPhone = /^[\s+\d().\-–/_]{6,40}$/

export function nobodyKnown(): KnownAddresses {
  return { written: new Set(), emails: new Map(), phones: new Map(), isGuessed: false }
}

/** Adds the addresses of rows: what was sent to, whom an app knows as. */
export function know(known: KnownAddresses, addresses: (string | null | undefined)[]): KnownAddresses {
  for (const address of addresses) {
    if (!address) continue
    if (emailOf(address)) knowEmail(known, address)
    else if (phoneOf(address) || isBareNumber(address)) knowPhone(known, address)
  }
  return known
}

/** Adds what a body names: all emails and E.164 numbers, and whatever number stands under a phone's name. */
export async function knowBody(known: KnownAddresses, body: unknown): Promise<KnownAddresses> {
  const waiting: { key: string; value: unknown }[] = [{ key: '', value: body }]
  let read = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { key, value } = next
    if (Array.isArray(value)) for (const each of value) waiting.push({ key, value: each })
    else if (isFields(value)) for (const [name, each] of Object.entries(value)) waiting.push({ key: name, value: each })
    else if (typeof value === 'string' || typeof value === 'number') knowField(known, key, String(value))
    read += 1
    if (read % fieldsAtOnce === 0) await turn()
  }
  return known
}

function knowField(known: KnownAddresses, key: string, value: string): void {
  // Nothing that is longer is an address.
  if (value.length > 254) return
  if (emailOf(value.trim())) knowEmail(known, value.trim())
  else if (phoneOf(value) || (phoneKey.test(key) && writtenPhone.test(value))) knowPhone(known, value)
}

/** A number as long as a phone's with its area's code: what an app may know its people by. */
export function isBareNumber(text: string): boolean {
  return /^\d{10,15}$/.test(text)
}

function knowEmail({ written, emails }: KnownAddresses, email: string): void {
  written.add(email)
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  emails.set(domain, (emails.get(domain) ?? new Set()).add(local))
}

function knowPhone({ written, phones }: KnownAddresses, phone: string): void {
  written.add(phone)
  const digits = phone.replace(/\D/g, '')
  const local = digits.replace(/^0+/, '')
  const isWhole = phone.trim().startsWith('+') || local.length > 10
  for (const one of [digits, local, isWhole ? local.slice(callingCodeOf(local).length) : '']) {
    if (one.length < fewestDigits || one.length > mostDigits) continue
    const first = one.slice(0, fewestDigits)
    phones.set(first, (phones.get(first) ?? new Set()).add(one))
  }
}
