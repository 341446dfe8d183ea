// Reads phone numbers as people write them, into E.164.
import { type CountryCode, isSupportedCountry, type PhoneNumber, parsePhoneNumberWithError } from 'libphonenumber-js'
import { inAsciiDigits } from './digits.ts'

const maxLength = 60
/** What may stand between the digits. A letter, such as that of an extension, may not. */
const written = /^\+?[\d()./~-]+$/
/** A zero that is dialled only within the country: `+44 (0)7700 900123`. */
const trunkZero = '(0)'
const dashes = /\p{Pd}|[\u2212\u30fc\u00b7]/gu

/**
 * The number in E.164; null if no country has numbers of this length. Without a plus it is a number of `country`, an ISO
 * 3166 code.
 */
export function phoneOf(value: unknown, country: string | null = null): string | null {
  if (typeof value !== 'string' || value.length > maxLength) return null
  // A number copied from a web page or an address book may have marks that nobody sees.
  const marked = value
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Z}\s]/gu, '')
    .replaceAll(dashes, '-')
  const text = inAsciiDigits(marked).replace(/^tel:/i, '').replace(/^\(\+/, '+(')
  if (!written.test(text)) return null
  // Australia's telephones have 0011 for the plus.
  const plain = country === 'AU' ? digitsOf(text.replace(/^0011/, '+')) : digitsOf(text)
  if (!plain.startsWith('+')) return country === null ? null : (parsed(plain, country)?.number ?? null)
  if (!text.includes(trunkZero)) return parsed(plain)?.number ?? null
  // Some countries have no such zero, and in Italy it may be a part of the number.
  const candidates = [digitsOf(text.replace(trunkZero, '')), plain].flatMap((one) => parsed(one) ?? [])
  return (candidates.find((one) => one.isValid()) ?? candidates[0])?.number ?? null
}

/** Without separators. `00` is the plus of a telephone without one. */
function digitsOf(text: string): string {
  return text.replaceAll(/[^\d+]/g, '').replace(/^00/, '+')
}

function parsed(text: string, country?: string): PhoneNumber | null {
  const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined
  try {
    const number = parsePhoneNumberWithError(asDialled(text, defaultCountry), { defaultCountry, extract: false })
    return number.isPossible() ? number : null
  } catch {
    return null
  }
}

/** Mexico's mobile numbers had a 1 after the country's code, and 044, 045 or 01 within the country, until 2019. */
function asDialled(text: string, country: CountryCode | undefined): string {
  if (country === 'MX' && !text.startsWith('+')) return text.replace(/^(?:0?1|04[45])(?=\d{10}$)/, '')
  return text.replace(/^\+52(?:0?1|04[45])(?=\d{10}$)/, '+52')
}

/** The ISO 3166 code of a country in capitals, also of a former one or `uk`; null if there is no such country. */
export function countryOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^[A-Za-z]{2}$/.test(value)) return null
  const { region } = new Intl.Locale(`und-${value}`)
  return region && region !== 'ZZ' && regionNames.of(region) ? region : null
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
