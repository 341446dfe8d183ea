import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it, vi } from 'vitest'
import { wordsOf } from '../../emails/_parts/words.ts'
import { isGsm7 } from '../../src/i18n/gsm7.ts'
import { type SmsWords, smsText, wholeSmsText } from '../../src/i18n/sms-text.ts'
import { smsWordsOf } from '../../src/notifiers/_sms-words.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import installmentOverdue from '../../src/notifiers/installment-overdue.ts'
import orderShipped from '../../src/notifiers/order-shipped.ts'
import paymentFailed from '../../src/notifiers/payment-failed.ts'
import { required, textTo } from '../notifiers/fixtures.ts'

/** A text of exactly these words: the brand's prefix counts too. */
const counted = (words: string) => {
  const { text, encoding, segments } = wholeSmsText(words.slice(0, 1), words.slice(3))
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

describe('a text of an operator that repeats what a sender wrote', () => {
  it.each([
    ['letters', 'ह', 67],
    ['letters with their signs', 'हि', 66],
    ['emoji', '😀', 66],
  ])('is not counted letter by letter where it is far too long: %s', (_, character, each) => {
    const count = vi.spyOn(SegmentedMessage.prototype, 'segmentsCount', 'get')
    const text = character.repeat(3000)
    const { segments } = wholeSmsText('B', text)
    expect(count).not.toHaveBeenCalled()
    expect(segments).toBeGreaterThanOrEqual(Math.floor((text.length + 3) / each) - 3)
    vi.restoreAllMocks()
    expect(smsText('B', { words: text })).toMatchObject({ encoding: 'UCS-2', segments: 3 })
  })
})

describe('characters that would double it', () => {
  it.each([
    ['“Ada’s” order', `"Ada's" order`],
    ['1\u202f234,50\u00a0€', '1 234,50 €'],
    ['a – b — c − d', 'a - b - c - d'],
    ['wait…', 'wait...'],
    ['₹499 and ₹\u00a0500', 'INR 499 and INR 500'],
    ['499 ₽ and 5₴.', '499 RUB and 5 UAH.'],
    ['₺499, ₦ 500 and 1 ₩2', 'TRY 499, NGN 500 and 1 KRW 2'],
    ['paid in ₽.', 'paid in RUB.'],
    ['₤5 ÷ 2, √2', '£5 / 2, sqrt 2'],
    ['`code`', "'code'"],
    ['\u200fhidden\u200b\ufeff marks', 'hidden marks'],
    ['re\u0301sume\u0301', 'résumé'],
    ['two\nlines', 'two lines'],
  ])('%j becomes %j', (words, text) => {
    expect(wholeSmsText('Posthorn', words)).toEqual({ text: `Posthorn: ${text}`, encoding: 'GSM-7', segments: 1 })
  })

  it('stay where the text needs UCS-2 anyhow', () => {
    expect(wholeSmsText('Posthorn', 'क्\u200dष ₹5')).toEqual({
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
      const { text, encoding, segments } = wholeSmsText('P', words)
      const twilio = new SegmentedMessage(text)
      expect([length, encoding, segments]).toEqual([length, twilio.encodingName, twilio.segmentsCount])
    }
  })
})

describe('letters and signs that GSM-7 lacks', () => {
  it.each([
    ['Łódź Kurier', 'Lodz Kurier'],
    ['Điện Express', 'Dien Express'],
    ['Sıcak Kargo, İzmir', 'Sicak Kargo, Izmir'],
    ['Œuvre, œuf, CŒUR', 'Oeuvre, oeuf, COEUR'],
    ['STRAẞE', 'STRASSE'],
    ['ﬁrst ﬂoor', 'first floor'],
    ['Þór, ðe, ŧ, ħ, ŋ', 'Thor, de, t, h, ng'],
    ['DHL® FedEx™ ©', 'DHL(R) FedExTM (C)'],
    ['m², 10³', 'm2, 103'],
    ['№ 5, N° 6, N.º 7, 8ª', 'No 5, No 6, N.o 7, 8a'],
    ['½ and 1½', '1/2 and 1 1/2'],
    ['Berlin → Paris', 'Berlin > Paris'],
    ['Box ① of ⑳, Ⓐ', 'Box 1 of 20, A'],
    ['12 ㎡, 3 ㎏, ≤ 5', '12 m2, 3 kg, <= 5'],
    ['g\u0303 and ệ', 'g and e'],
    ['Ｓｈｏｐ 𝗦𝗵𝗼𝗽', 'Shop Shop'],
  ])('%j is %j', (words, text) => {
    expect(wholeSmsText('Posthorn', words)).toEqual({ text: `Posthorn: ${text}`, encoding: 'GSM-7', segments: 1 })
  })

  it('stay as they are where GSM-7 has them', () => {
    const words = 'ÆØÅÄÖÑÜ æøåäöñüß àèéìòù Ç ΔΦΓΛΩΠΨΣΘΞ ¿¡ £¥§ €'
    expect(wholeSmsText('Posthorn', words)).toMatchObject({ text: `Posthorn: ${words}`, encoding: 'GSM-7' })
  })

  it.each(['Ελληνικά', 'Привет, Łódź', 'हिंदी ½', '中文', 'Łódź 🚚', 'שלום ®'])(
    'stay beside other scripts: %j',
    (words) => {
      expect(wholeSmsText('Posthorn', words)).toMatchObject({ text: `Posthorn: ${words}`, encoding: 'UCS-2' })
    },
  )

  it('are replaced in the name of the brand, too', () => {
    expect(wholeSmsText('Łódź™ Shop', 'Hello.')).toMatchObject({ text: 'LodzTM Shop: Hello.', encoding: 'GSM-7' })
  })

  it('are escaped in a link, which must lead to the same place', () => {
    const data = { ...orderShipped.sample.data, trackingUrl: 'https://żabka.example/śledź/1?q=`' }
    expect(textTo(orderShipped, data).text).toMatch(/ https:\/\/xn--abka-99a\.example\/%C5%9Bled%C5%BA\/1\?q=%60$/)
  })
})

describe('a text of more than three segments', () => {
  const url = (length: number) => `https://pay.example/${'k'.repeat(length - 20)}`
  const failed = (changes: object) => textTo(paymentFailed, { ...required['payment-failed'], ...changes })
  const plain = "Posthorn: Your payment of £78.85 didn't go through. You haven't been charged."

  const room = 3 * 153 - plain.length

  it('has its link on a line of its own where that is enough', () => {
    const [whole, below] = [room - ' Try again: '.length, room - '\n'.length]
    const rest = { encoding: 'GSM-7', segments: 3 }
    expect(failed({ retryUrl: url(whole) })).toEqual({ text: `${plain} Try again: ${url(whole)}`, ...rest })
    for (const length of [whole + 1, below])
      expect(failed({ retryUrl: url(length) })).toEqual({ text: `${plain}\n${url(length)}`, ...rest })
  })

  it('goes without its link where that is not enough', () => {
    for (const length of [room, 1500, 2000])
      expect(failed({ retryUrl: url(length) })).toEqual({ text: plain, encoding: 'GSM-7', segments: 1 })
  })

  it('ends at a word where its words alone are too long', () => {
    const long = (word: string, most: number) => `${word} `.repeat(most / (word.length + 1)).trim()
    const data = {
      orderNumber: long('ORD-1001', 100),
      carrier: long('Carrier', 300),
      trackingNumber: long('JD0146', 100),
    }
    const { text, encoding, segments } = textTo(orderShipped, { ...data, trackingUrl: url(300) })
    expect([encoding, segments]).toEqual(['GSM-7', 3])
    expect(text).toMatch(
      /^Posthorn: Order ORD-1001( ORD-1001)* has shipped with (Carrier )+Carrier\.\.\., tracking number JD0146( JD0146)*\.$/,
    )
    expect(text.length).toBeGreaterThan(400)
  })

  it.each([
    ['en', 'Ж', /^Posthorn: Your payment of £45\.00 \(2 of 6\) for Ж+… is overdue\.$/],
    ['es', 'Ж', /^Posthorn: Su pago de 45,00\s(?:£|GBP) \(2 de 6\) por Ж+… está vencido\.$/],
    ['hi', 'क', /^Posthorn: क+…: £45\.00 \(2\/6\) का भुगतान बकाया है।$/],
    ['hi', 'कि', /^Posthorn: (कि)+…: £45\.00 \(2\/6\) का भुगतान बकाया है।$/],
    ['hi', 'टाइपोग्राफ़ी ', /^Posthorn: (टाइपोग्राफ़ी ?)+…: £45\.00 \(2\/6\) का भुगतान बकाया है।$/],
    ['en', '😀', /^Posthorn: Your payment of £45\.00 \(2 of 6\) for 😀+… is overdue\.$/u],
  ])('shortens a long title, and still says that it is overdue: %s, %s', (locale, title, words) => {
    const data = { ...installmentOverdue.sample.data, title: title.repeat(300 / title.length).trim() }
    const { text, segments } = textTo(installmentOverdue, data, { locale })
    expect(text).toMatch(words)
    expect(segments).toBe(3)
  })

  const shortened = (words: string, link: SmsWords['link'] = null) => smsText('Posthorn', { words, link })

  it.each([
    ['one word', 'a'.repeat(5000), 'GSM-7', /a{446}\.\.\.$/],
    ['Hindi', 'आपका ऑर्डर रास्ते में है '.repeat(20), 'UCS-2', /(आपका|ऑर्डर|रास्ते|में|है)…$/],
    ['words without blanks', '日本語の文'.repeat(100), 'UCS-2', /文?日?本?語?の?…$/],
    ['pairs', '😀'.repeat(300), 'UCS-2', /😀…$/u],
    ['escaped letters', '€[]'.repeat(300), 'GSM-7', /\.\.\.$/],
  ])('of %s keeps as much as it may', (_, words, encoding, end) => {
    const { text, ...rest } = shortened(words)
    expect(rest).toEqual({ encoding, segments: 3 })
    expect(text).toMatch(end)
    expect(text.isWellFormed()).toBe(true)
    expect(text.length).toBeGreaterThan(encoding === 'GSM-7' ? 220 : 170)
  })

  it('keeps a link that its data must have', () => {
    const [values, words] = [
      { amount: '£1', title: 'A', number: null, count: null, payUrl: url(400) },
      wordsOf('installment-overdue', 'en'),
    ]
    const whole = `Your payment of £1 for A is overdue. Pay online: ${url(400)}`
    expect(smsWordsOf(values, words, () => false).words).toBe(whole)
    expect(smsWordsOf(values, words, () => false).link).toBeUndefined()
    const { words: said, link } = smsWordsOf(values, words, (name) => name === 'payUrl')
    expect([said, link?.url, link?.wordsWithout()]).toEqual([whole, url(400), 'Your payment of £1 for A is overdue.'])
  })

  it('keeps a link that is written in its words', () => {
    expect(shortened(`Read ${url(400)} now, ${'please '.repeat(20)}`).text).toContain(url(400))
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
