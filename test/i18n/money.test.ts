import { describe, expect, it } from 'vitest'
import { exponentOf } from '../../src/domain/money.ts'
import { isGsm7 } from '../../src/i18n/gsm7.ts'
import { formatMoney, gsmMoney } from '../../src/i18n/money.ts'

/** No-break and narrow spaces as plain ones, so that the table can be read. */
const read = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('money in the locale of the recipient', () => {
  it.each([
    ['en-GB', 'gbp', 7885, '£78.85'],
    ['en-GB', 'GBP', 0, '£0.00'],
    ['en-GB', 'gbp', -0, '£0.00'],
    ['en-US', 'usd', 123456789, '$1,234,567.89'],
    ['en-GB', 'usd', 5, 'US$0.05'],
    ['de-DE', 'eur', 123456, '1.234,56 €'],
    ['fr-FR', 'eur', 123456, '1 234,56 €'],
    ['hi-IN', 'inr', 12345600, '₹1,23,456.00'],
    ['en-GB', 'jpy', 500, 'JP¥500'],
    ['ja-JP', 'jpy', 500, '￥500'],
    ['en', 'krw', 1000, '₩1,000'],
    ['en', 'mga', 5, 'MGA 5'],
    ['en', 'kwd', 5124, 'KWD 5.124'],
    ['en', 'bhd', 1000, 'BHD 1.000'],
    ['en', 'ugx', 500, 'UGX 5'],
    ['en', 'isk', 123400, 'ISK 1,234'],
    ['en', 'isk', 550, 'ISK 5.50'],
    ['en', 'huf', 100000, 'HUF 1,000.00'],
    ['en', 'zzz', 4999, 'ZZZ 49.99'],
    ['nowhere!', 'eur', 4999, '€49.99'],
    ['xx', 'eur', 4999, '€49.99'],
    ['en_GB', 'gbp', 4999, '£49.99'],
  ])('%s %s %i is %s', (locale, currency, amount, text) => {
    expect(read(formatMoney({ amount, currency }, locale))).toBe(text)
  })

  it('keeps a currency that is no code beside its number', () => {
    expect(formatMoney({ amount: 500, currency: 'F$' }, 'en')).toBe('5.00 F$')
  })

  it('writes Arabic amounts in Arabic digits', () => {
    expect(formatMoney({ amount: 123450, currency: 'egp' }, 'ar-EG')).toContain('١٬٢٣٤٫٥٠')
  })

  it.each([
    ['ugx', 0, 'UGX 1,234,500'],
    ['ISK', 0, 'ISK 1,234,500'],
    ['iqd', 3, 'IQD 1,234.500'],
    ['mga', 2, 'MGA 12,345.00'],
    ['jpy', 2, '¥12,345.00'],
    ['eur', null, '€12,345.00'],
  ])('%s counted with %s decimals is %s, whatever the others count it in', (currency, exponent, text) => {
    const money = { amount: 1_234_500, currency, exponent }
    expect(read(formatMoney(money, 'en'))).toBe(text)
    expect(read(gsmMoney(money, 'en'))).toBe(text)
  })

  it('counts decimals as Stripe does, where the money does not say', () => {
    const currencies = ['usd', 'JPY', 'mga', 'ugx', 'isk', 'kwd', 'TND', 'huf', 'twd']
    expect(currencies.map(exponentOf)).toEqual([2, 0, 0, 2, 2, 3, 3, 2, 2])
  })
})

describe('every currency that Stripe lists', () => {
  const zeroDecimal = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'
  const threeDecimal = 'bhd jod kwd omr tnd'
  /** Counted in hundredths, though nobody pays in them. */
  const whole = 'isk ugx'
  const twoDecimal =
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop ' +
    'crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr ' +
    'kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk ' +
    'php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah uyu uzs ' +
    'wst xcd yer zar zmw'

  it.each([
    ['no', zeroDecimal, '1,234,500'],
    ['two', twoDecimal, '12,345.00'],
    ['three', threeDecimal, '1,234.500'],
    ['two, which are always 00,', whole, '12,345'],
  ])('with %s decimals is shown with the digits it is worth', (_count, currencies, digits) => {
    const shown = (currency: string) => formatMoney({ amount: 1_234_500, currency }, 'en').replaceAll(/[^\d.,]/g, '')
    const wrong = currencies.split(' ').filter((currency) => shown(currency) !== digits)
    expect(wrong).toEqual([])
  })
})

describe('money in an SMS', () => {
  it.each([
    ['en-GB', 'gbp', '£1,234.50'],
    ['de-DE', 'eur', '1.234,50 €'],
    ['fr-FR', 'eur', '1 234,50 €'],
    ['hi-IN', 'inr', 'INR 1,234.50'],
    ['mr-IN', 'inr', 'INR 1,234.50'],
    ['de-DE', 'inr', '1.234,50 INR'],
    ['ar-EG', 'egp', '1,234.50 EGP'],
    ['he-IL', 'ils', '1,234.50 ILS'],
    ['pl-PL', 'pln', '1234,50 PLN'],
    ['th-TH', 'thb', 'THB 1,234.50'],
  ])('%s %s is %s', (locale, currency, text) => {
    expect(gsmMoney({ amount: 123450, currency }, locale)).toBe(text)
  })

  it('never needs more than GSM-7, in any locale and currency', () => {
    const locales = ['ar-EG', 'ar-SA', 'bn-BD', 'de-CH', 'fa-IR', 'fr-FR', 'he-IL', 'hi-IN', 'ja-JP', 'ko-KR', 'my-MM']
    locales.push(
      'ne-NP',
      'pl-PL',
      'ps-AF',
      'pt-BR',
      'ru-RU',
      'sv-SE',
      'th-TH',
      'tr-TR',
      'uk-UA',
      'ur-PK',
      'vi-VN',
      'zh-CN',
    )
    const faults = locales.flatMap((locale) =>
      Intl.supportedValuesOf('currency')
        .map((currency) => gsmMoney({ amount: -1234567, currency }, locale))
        .filter((text) => !isGsm7(text) || !/\d/.test(text)),
    )
    expect(faults).toEqual([])
  })
})
