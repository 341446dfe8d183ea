// Formats money, from the smallest unit in which payment vendors count it, for emails and for SMS.
import type { Money } from '../domain/money.ts'
import { numberFormat } from './intl-cache.ts'
import { isGsm7, smsCharacters } from './sms-text.ts'

// Decimals as payment vendors count them, which differ from ISO 4217: MGA has none. UGX and ISK are counted in hundredths
// although nobody pays in them, so they have two decimals here and are shown without `.00`.
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')
const threeDecimal = 'BHD JOD KWD OMR TND'.split(' ')
const wholeInPractice = ['ISK', 'UGX']

/** The number of decimals of the currency's smallest unit. */
export function exponentOf(currency: string): number {
  const code = currency.toUpperCase()
  if (zeroDecimal.includes(code)) return 0
  return threeDecimal.includes(code) ? 3 : 2
}

/** `{ amount: 4999, currency: 'eur' }` in the locale's form: `€49.99`, `49,99 €`. Never throws. */
export function formatMoney(money: Money, locale: string): string {
  return format(money, locale, {})
}

/** The same in Latin digits and GSM-7 characters: `INR 4,999.00` for `₹4,999.00`. */
export function gsmMoney(money: Money, locale: string): string {
  const inLocale = smsCharacters(format(money, locale, { numberingSystem: 'latn' }))
  if (isGsm7(inLocale) && !inLocale.includes('INR')) return inLocale
  const withCode = smsCharacters(format(money, locale, { numberingSystem: 'latn', currencyDisplay: 'code' }))
  return isGsm7(withCode) ? withCode : smsCharacters(format(money, 'en', { currencyDisplay: 'code' }))
}

function format({ amount, currency }: Money, locale: string, options: Intl.NumberFormatOptions): string {
  const exponent = exponentOf(currency)
  const value = amount / 10 ** exponent
  const digits: Intl.NumberFormatOptions = {
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
    signDisplay: 'negative',
    trailingZeroDisplay: wholeInPractice.includes(currency.toUpperCase()) ? 'stripIfInteger' : 'auto',
  }
  if (!/^[a-z]{3}$/i.test(currency))
    return `${numberFormat(locale, { ...options, ...digits }).format(value)} ${currency}`
  return numberFormat(locale, { ...options, ...digits, style: 'currency', currency }).format(value)
}
