import { describe, expect, it } from 'vitest'
import { isGsm7 } from '../../src/i18n/gsm7.ts'
import { someone } from '../notifiers/fixtures.ts'

describe('dates as the recipient writes them', () => {
  it.each([
    ['en-GB', 'Europe/London', '21 November 2026'],
    ['en-US', 'America/Los_Angeles', 'November 21, 2026'],
    ['de-DE', 'Pacific/Kiritimati', '21. November 2026'],
    ['fr-FR', 'Pacific/Pago_Pago', '21 novembre 2026'],
    ['hi-IN', 'Asia/Kolkata', '21 नवंबर 2026'],
  ])('2026-11-21 is that day for %s in %s', (locale, timezone, text) => {
    const to = someone({ locale, timezone, language: locale })
    expect(to.date('2026-11-21')).toBe(text)
    expect(to.dateTime('2026-11-21')).toBe(text)
  })

  it.each([
    ['2026-11-21T10:00:00Z', 'Europe/London', '21 November 2026 at 10:00 GMT'],
    ['2026-07-21T10:00:00Z', 'Europe/London', '21 July 2026 at 11:00 BST'],
    ['2026-03-29T00:59:00Z', 'Europe/London', '29 March 2026 at 00:59 GMT'],
    ['2026-03-29T01:00:00Z', 'Europe/London', '29 March 2026 at 02:00 BST'],
    ['2026-10-25T00:30:00Z', 'Europe/London', '25 October 2026 at 01:30 BST'],
    ['2026-10-25T01:30:00Z', 'Europe/London', '25 October 2026 at 01:30 GMT'],
    ['2026-11-21T23:30:00+05:30', 'Asia/Kolkata', '21 November 2026 at 23:30 GMT+5:30'],
    ['2026-11-21T23:30:00Z', 'Australia/Sydney', '22 November 2026 at 10:30 GMT+11'],
  ])('%s in %s is %s', (at, timezone, text) => {
    expect(someone({ timezone }).dateTime(at)).toBe(text)
    expect(someone({ timezone }).dateTime(new Date(at))).toBe(text)
  })

  it('a moment becomes the day it is for the recipient', () => {
    expect(someone({ timezone: 'America/New_York' }).date('2026-11-22T02:00:00Z')).toBe('21 November 2026')
  })
})

describe('what Intl does not know', () => {
  it.each(['', 'xx', 'not a locale', 'en-GB-oxendict-', '../etc'])(
    'the locale %j becomes one that it knows',
    (locale) => {
      const to = someone({ locale })
      expect(to.locale).toBe('en')
      expect(to.money({ amount: 4999, currency: 'eur' })).toBe('€49.99')
    },
  )

  it.each(['', 'Mars/Olympus', 'Europe/London; drop'])('the timezone %j becomes UTC', (timezone) => {
    expect(someone({ timezone }).dateTime('2026-11-21T10:00:00Z')).toBe('21 November 2026 at 10:00 UTC')
  })

  it('a date that is none is shown as it came', () => {
    expect(someone().date('soon')).toBe('soon')
  })
})

it('a name is one line, and a blank one is no name', () => {
  expect(someone({ name: ' Ada\r\n\tLovelace\u0000 ' }).name).toBe('Ada Lovelace')
  expect(someone({ name: ' \n' }).name).toBeNull()
  expect(someone({ name: null }).name).toBeNull()
})

it('Greenwich has no offset in any language', () => {
  for (const locale of ['en-GB', 'es-MX', 'hi-IN'])
    expect(someone({ locale }).dateTime('2026-11-21T10:00:00Z')).toMatch(/ GMT$/)
})

describe('dates in words of another language', () => {
  const english = (locale: string, channel: 'email' | 'sms') =>
    someone({ locale, channel, language: 'en', fallbackLocale: 'en-GB' })

  it.each('th-TH fa-IR ps-AF ar-SA ar-EG ne-NP my-MM mr-IN dz-BT uz-AF ckb-IR ja-JP ru-RU'.split(' '))(
    'of another script are in that language: %s',
    (locale) => {
      for (const channel of ['email', 'sms'] as const) {
        expect(english(locale, channel).date('2026-11-28')).toBe('28 November 2026')
        expect(english(locale, channel).dateTime('2026-11-28T10:00:00Z')).toBe('28 November 2026 at 10:00 GMT')
      }
    },
  )

  it.each(
    'de-DE de-TH fr-FR fr pl-PL tr-TR pt-PT pt-BR sv-SE es-ES es-MX nl-NL it-IT cs-CZ vi-VN de-u-ca-buddhist'.split(
      ' ',
    ),
  )('of the same script are in that language, too: %s', (locale) => {
    for (const channel of ['email', 'sms'] as const) {
      expect(english(locale, channel).date('2026-11-28')).toBe('28 November 2026')
      expect(english(locale, channel).dateTime('2026-11-28T10:00:00Z')).toMatch(/^28 November 2026 at 10:00 /)
    }
  })

  it.each([
    ['fr-FR', 'en', 'en-US', '28 November 2026'],
    ['fr-CA', 'en', 'en-GB', 'November 28, 2026'],
    ['es-US', 'en', 'en-GB', 'November 28, 2026'],
    ['en-TH', 'en', 'en-GB', 'November 28, 2026'],
    ['en-GB', 'es', 'en-GB', '28 de noviembre de 2026'],
    ['fr-FR', 'es', 'es-MX', '28 de noviembre de 2026'],
    ['de-DE', 'hi', 'en', '28 नवंबर 2026'],
  ])('have the order of the region: %s reads %s', (locale, language, fallbackLocale, date) => {
    expect(someone({ locale, language, fallbackLocale }).date('2026-11-28')).toBe(date)
  })

  it('of their own language keep its calendar and digits', () => {
    const inOwn = (locale: string) => someone({ locale, language: locale }).date('2026-11-28')
    expect(inOwn('th-TH')).toBe('28 พฤศจิกายน 2569')
    expect(inOwn('fa-IR')).toBe('۷ آذر ۱۴۰۵')
    expect(inOwn('ar-EG')).toBe('٢٨ نوفمبر ٢٠٢٦')
  })

  it('keep the calendar that a reader asks for, within their own language', () => {
    expect(someone({ locale: 'en-GB-u-ca-buddhist' }).date('2026-11-28')).toMatch(/2569/)
    expect(english('th-TH-u-ca-buddhist', 'email').date('2026-11-28')).toBe('28 November 2026')
  })

  it.each(['ar-EG', 'fa-IR', 'mr-IN', 'ne-NP', 'my-MM'])(
    'money and numbers have digits of the words for %s',
    (locale) => {
      const to = english(locale, 'email')
      expect(to.money({ amount: 4999, currency: 'eur' })).toMatch(/49[.,]99/)
      expect(to.number(1234)).toMatch(/^1[.,]?234$/)
    },
  )
})

describe('amounts in words that run the other way', () => {
  const marks = /\p{Bidi_Control}/u
  it.each(['ar-EG', 'he-IL', 'fa-IR', 'ur-PK'])(
    'have no marks of direction for %s, which would tear them apart',
    (locale) => {
      const to = someone({ locale, language: 'en', fallbackLocale: 'en-GB' })
      expect(to.money({ amount: 3800, currency: 'gbp' })).toBe('£38.00')
      expect(to.money({ amount: -500, currency: 'gbp' })).not.toMatch(marks)
      expect(to.number(1234)).toBe('1,234')
    },
  )

  it('keep the form of a reader whose words run the same way', () => {
    const to = someone({ locale: 'de-DE', language: 'en', fallbackLocale: 'en-GB' })
    expect(to.money({ amount: 3800, currency: 'gbp' })).toBe('38,00\u00a0£')
  })
})

describe('dates in a text', () => {
  const inText = (locale: string) => {
    const to = someone({ locale, channel: 'sms', timezone: 'Europe/Berlin', language: locale })
    return [to.date('2026-11-28'), to.dateTime('2026-11-28T10:00:00Z')]
  }

  it.each([
    ['en-GB', '28 November 2026', '28 November 2026 at 11:00 CET'],
    ['es-ES', '28 de noviembre de 2026', '28 de noviembre de 2026 a las 11:00 CET'],
    ['hi-IN', '28/11/2026', '28/11/2026, 11:00 am GMT+1'],
    ['pl-PL', '28 listopada 2026', '28 listopada 2026 11:00 CET'],
  ])('are in %s of characters that every SMS alphabet has', (locale, date, dateTime) => {
    expect(inText(locale)).toEqual([date, dateTime])
  })

  it('never need more than GSM-7, in any locale', () => {
    const locales = 'ar-EG bn-BD fa-IR he-IL my-MM ne-NP pl-PL ps-AF th-TH tr-TR uk-UA ur-PK vi-VN zh-CN'.split(' ')
    expect(locales.flatMap(inText).filter((text) => !isGsm7(text) || !/\d/.test(text))).toEqual([])
  })
})
