// Formats money, from the smallest unit in which its source counts it, for emails and for SMS.
import { memo } from '../domain/memo.ts'
import { exponentOf, type Money } from '../domain/money.ts'
import { isGsm7, smsCharacters } from './gsm7.ts'
import { knownLocale, mostLocales } from './intl-cache.ts'

/** Counted in hundredths by some, although nobody pays in them: shown without `.00`. */
const wholeInPractice = ['ISK', 'UGX']

/** `{ amount: 4999, currency: 'eur' }` in the locale's form: `€49.99`, `49,99 €`. Never throws. */
export function formatMoney(money: Money, locale: string): string {
  return format(money, locale, 'symbol')
}

/** The same in Latin digits and GSM-7 characters: `INR 4,999.00` for `₹4,999.00`. */
export function gsmMoney(money: Money, locale: string): string {
  const inLocale = smsCharacters(format(money, locale, 'latin'))
  if (isGsm7(inLocale) && !inLocale.includes('INR')) return inLocale
  const withCode = smsCharacters(format(money, locale, 'latin with code'))
  return isGsm7(withCode) ? withCode : smsCharacters(format(money, 'en', 'code'))
}

type Form = 'symbol' | 'latin' | 'latin with code' | 'code'

const forms: Record<Form, Intl.NumberFormatOptions> = {
  symbol: {},
  latin: { numberingSystem: 'latn' },
  'latin with code': { numberingSystem: 'latn', currencyDisplay: 'code' },
  code: { currencyDisplay: 'code' },
}

function format(money: Money, locale: string, form: Form): string {
  const { amount, currency } = money
  const exponent = money.exponent ?? exponentOf(currency)
  const words = moneyFormat(locale, currency, exponent, form).format(amount / 10 ** exponent)
  return isCode(currency) ? words : `${words} ${currency}`
}

const moneyFormat = memo(mostLocales, (locale: string, currency: string, exponent: number, form: Form) => {
  const options: Intl.NumberFormatOptions = {
    ...forms[form],
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
    signDisplay: 'negative',
    trailingZeroDisplay: wholeInPractice.includes(currency.toUpperCase()) ? 'stripIfInteger' : 'auto',
    ...(isCode(currency) && { style: 'currency', currency }),
  }
  return new Intl.NumberFormat(knownLocale(locale), options)
})

function isCode(currency: string): boolean {
  return /^[a-z]{3}$/i.test(currency)
}
