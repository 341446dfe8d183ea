// Formats money, from the smallest unit in which its source counts it, for emails and for SMS.
import { exponentOf, type Money } from '../domain/money.ts'
import { isGsm7, smsCharacters } from './gsm7.ts'
import { numberFormat } from './intl-cache.ts'

/** Counted in hundredths by some, although nobody pays in them: shown without `.00`. */
const wholeInPractice = ['ISK', 'UGX']

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

function format(money: Money, locale: string, options: Intl.NumberFormatOptions): string {
  const { amount, currency } = money
  const exponent = money.exponent ?? exponentOf(currency)
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
