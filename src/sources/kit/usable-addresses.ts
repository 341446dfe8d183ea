// Chooses a person's email address and phone number among those that a vendor's event has, and says why one cannot be used.
import { readEmail } from '../../domain/email-address.ts'
import type { Recipient } from '../../domain/event.ts'
import { countryOf, phoneOf } from '../../domain/phone-number.ts'

/** A phone number as it was entered, with the country of the address that was entered with it. */
export interface EnteredPhone {
  phone: unknown
  country?: unknown
}

/** The first usable ones. A national number without a country of its own is read by the first country that is known. */
export function usableAddresses(
  emails: unknown[],
  phones: EnteredPhone[],
): Pick<Recipient, 'email' | 'phone' | 'unusable'> {
  const reads = emails.flatMap(trimmed).map(readEmail)
  const email = reads.find((read) => read.ok)?.email
  const anyCountry = firstOf(phones, ({ country }) => countryOf(country))
  const entered = phones.flatMap(({ phone, country }) =>
    trimmed(phone).map((text) => ({ text, country: countryOf(country) ?? anyCountry })),
  )
  const phone = firstOf(entered, ({ text, country }) => phoneOf(text, country))
  const [badEmail] = reads.filter((read) => !read.ok)
  const unusable = {
    ...(!email && badEmail && { email: emailFault(badEmail.needsUtf8) }),
    ...(!phone && entered[0] && { phone: phoneFault(entered[0].country) }),
  }
  return {
    ...(email && { email }),
    ...(phone && { phone }),
    ...(Object.keys(unusable).length > 0 && { unusable }),
  }
}

function emailFault(needsUtf8: boolean): string {
  return needsUtf8
    ? 'The event’s email address has letters before the @ that providers do not carry (SMTPUTF8).'
    : 'The event’s email address is malformed.'
}

function phoneFault(country: string | null): string {
  if (country)
    return `The event’s phone number cannot be used: it is no valid number of ${country}, nor in E.164 format.`
  return 'The event’s phone number cannot be used: it is not in E.164 format, and the event names no country.'
}

function trimmed(value: unknown): string[] {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? [] : [text]
}

function firstOf<T>(values: T[], read: (value: T) => string | null): string | null {
  for (const value of values) {
    const found = read(value)
    if (found) return found
  }
  return null
}
