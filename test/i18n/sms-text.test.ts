import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { isGsm7, smsText } from '../../src/i18n/sms-text.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { required, textTo } from '../notifiers/voices.ts'

/** A text of exactly these words: the brand's prefix counts too. */
const counted = (words: string) => {
  const { text, encoding, segments } = smsText(words.slice(0, 1), words.slice(3))
  expect(text.length).toBe(words.length)
  return [encoding, segments]
}
const filled = (text: string) => `${text.slice(0, 1)}: ${text.slice(3)}`

describe('the price of a text', () => {
  it.each([
    ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
    ['158 letters and a euro', `${'a'.repeat(158)}€`, 'GSM-7', 1],
    ['159 letters and a euro', `${'a'.repeat(159)}€`, 'GSM-7', 2],
    ['an escape pair across two parts', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['70 characters with one of Hindi', `${'a'.repeat(69)}न`, 'UCS-2', 1],
    ['71 characters with one of Hindi', `${'a'.repeat(70)}न`, 'UCS-2', 2],
    ['134 characters with one of Hindi', `${'a'.repeat(133)}न`, 'UCS-2', 2],
    ['135 characters with one of Hindi', `${'a'.repeat(134)}न`, 'UCS-2', 3],
    ['a surrogate pair across two parts', `${'a'.repeat(66)}😀${'a'.repeat(66)}`, 'UCS-2', 3],
  ])('%s', (_, text, encoding, segments) => {
    expect(counted(filled(text))).toEqual([encoding, segments])
  })
})

describe('characters that would double it', () => {
  it.each([
    ['“Ada’s” order', `"Ada's" order`],
    ['1\u202f234,50\u00a0€', '1 234,50 €'],
    ['a – b — c − d', 'a - b - c - d'],
    ['wait…', 'wait...'],
    ['₹499 and ₹\u00a0500', 'INR 499 and INR 500'],
    ['`code`', "'code'"],
    ['\u200fhidden\u200b\ufeff marks', 'hidden marks'],
    ['re\u0301sume\u0301', 'résumé'],
    ['two\nlines', 'two lines'],
  ])('%j becomes %j', (words, text) => {
    expect(smsText('Posthorn', words)).toEqual({ text: `Posthorn: ${text}`, encoding: 'GSM-7', segments: 1 })
  })

  it('stay where the text needs UCS-2 anyhow', () => {
    expect(smsText('Posthorn', 'क्\u200dष ₹5')).toEqual({
      text: 'Posthorn: क्\u200dष ₹5',
      encoding: 'UCS-2',
      segments: 1,
    })
  })

  it('our alphabet is the one that the library counts by', () => {
    const basic = Array.from({ length: 0x2_1ff }, (_, code) => String.fromCharCode(code)).filter(
      (sign) => sign !== '\f',
    )
    const differ = basic.filter((sign) => isGsm7(sign) !== (new SegmentedMessage(sign).encodingName === 'GSM-7'))
    expect(differ).toEqual([])
  })

  it('our count is the one that Twilio publishes', () => {
    const signs = ['a', '€', '😀', 'न', '[', 'é']
    for (let length = 1; length < 400; length += 1) {
      // A mixture that differs with the length and is the same in every run.
      const words = Array.from({ length }, (_, at) => signs[(at * at + length) % (length % 3 === 0 ? 6 : 2)]).join('')
      const { text, encoding, segments } = smsText('P', words)
      const twilio = new SegmentedMessage(text)
      expect([length, encoding, segments]).toEqual([length, twilio.encodingName, twilio.segmentsCount])
    }
  })

  it('nothing is cut', () => {
    expect(smsText('Posthorn', 'a'.repeat(5000)).text).toHaveLength(5010)
  })
})

const locales = [
  'en',
  'en-GB',
  'es-ES',
  'es-MX',
  'de-DE',
  'fr-FR',
  'mr-IN',
  'ar-EG',
  'fa-IR',
  'he-IL',
  'ja-JP',
  'ru-RU',
  'th-TH',
  'pt-BR',
]
const currencies = ['gbp', 'eur', 'usd', 'inr', 'jpy', 'kwd', 'egp', 'ils', 'pln', 'thb', 'vnd', 'ngn', 'uah', 'krw']

describe.each(notifiers.filter(({ channels }) => channels.includes('sms')))('the text of $name', (notifier) => {
  it('fits one GSM-7 segment with its sample, in every locale and currency', () => {
    const amount = (currency: string) => ({ amount: 1234567, currency })
    const faults = locales.flatMap((locale) =>
      currencies
        .map((currency) => {
          const data = { ...notifier.sample.data, amount: amount(currency), total: amount(currency) }
          return textTo(notifier, data, { locale })
        })
        .filter(({ encoding, segments }) => encoding !== 'GSM-7' || segments !== 1),
    )
    expect(faults).toEqual([])
  })

  it('begins with the brand and has no hole without the optional fields', () => {
    const { text } = textTo(notifier, required[notifier.name])
    expect(text).toMatch(/^Posthorn: [A-Z][^{}]*\.$/)
    expect(text).not.toMatch(/undefined|null|NaN|\s\s|\s\./)
  })
})
