// How the words in the search box are read: as an address, a phone number, an id of ours, or a name that sources gave.
import { emailOf } from '../../domain/email-address.ts'
import { phoneOf } from '../../domain/phone-number.ts'
import { uuidOf } from '../../domain/uuid.ts'

export interface Reading {
  /** As in `Read as an email address`. */
  as: string
  /** What the API is asked for. */
  text: string
  /** The fields that may hold it; an event has references alone. */
  by: ('recipient' | 'reference')[]
}

/** An id of a vendor: `pi_3QN8ExLk2`, `cus_42`, `pay_29QQoUBi66xm2f`. */
const vendorId = /^([a-z]{2,8})_[\w-]+$/i

export function isOwnId(text: string): boolean {
  return uuidOf(text) !== null
}

/**
 * How the words are read, in the order in which an answer counts. `country`: where national phone numbers are read. `exact`: as
 * they stand.
 */
export function readingsOf(words: string, { country, exact }: { country: string | null; exact: boolean }): Reading[] {
  const text = words.trim().replace(/\s+/g, ' ')
  const asWritten: Reading = { as: 'the exact text', text, by: ['reference', 'recipient'] }
  if (exact) return [asWritten]
  const bare = text.replace(/^(?:mailto|tel|sms):/i, '').replace(/^<(.*)>$/, '$1')
  const email = emailOf(bare)
  if (email) return [{ as: 'an email address', text: email, by: ['recipient'] }]
  const phone = phoneIn(bare, country)
  const name: Reading = { ...asWritten, as: nameOf(text) }
  // A number of an order may have as many digits as a phone number.
  return phone ? [{ as: `a phone number, ${phone}`, text: phone, by: ['recipient'] }, name] : [name]
}

/** Written with or without its plus, with `00`, blanks, brackets, dots and dashes. */
function phoneIn(text: string, country: string | null): string | null {
  if (!/^[+(\d][\d\s().\-/+]{5,}$/.test(text)) return null
  const plain = text.replace(/\(0\)/, '').replace(/[^\d+]/g, '')
  return phoneOf(plain.replace(/^00/, '+')) ?? phoneOf(plain, country) ?? phoneOf(`+${plain}`)
}

function nameOf(text: string): string {
  if (isOwnId(text)) return 'an id of Posthorn'
  const [, prefix] = vendorId.exec(text) ?? []
  if (prefix) return prefix.toLowerCase() === 'cus' ? 'a customer’s id' : 'an id of a payment or another object'
  return /\d/.test(text) ? 'an order number or another reference' : 'a reference or a customer’s id'
}
