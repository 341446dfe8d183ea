// The text of an SMS, its encoding and the number of segments that the provider bills. The brand's name comes first; a text of
// more than three segments loses its link, then the end of its long values, and only then its own end.
import { SegmentedMessage } from 'sms-segments-calculator'
import type { SmsMessage } from '../domain/notification.ts'
import { gsm7Segments, isGsm7, smsCharacters, transliterated } from './gsm7.ts'

/** A longer text costs more than it says, and some vendors refuse one of more than 1,600 characters. */
export const maxSegments = 3
/** What three segments hold at most: 153 septets or 67 UTF-16 units each, beside the header that joins them. */
const maxUnits = { 'GSM-7': maxSegments * 153, 'UCS-2': maxSegments * 67 } as const

export interface SmsWords {
  words: string
  /** A link in the words that they can do without. */
  link?: { url: string; wordsWithout: () => string } | null
  /** The words without that link, with each value changed; absent where they have none. */
  wordsFrom?: (change: (value: string) => string) => string
}

/** A shorter value, such as a number or a date, is told in full. */
const minValue = 24

type SmsText = Pick<SmsMessage, 'text' | 'encoding' | 'segments'>

/**
 * The SMS as it is sent. A text that needs UCS-2 anyway keeps its own characters: joiners carry meaning in Hindi, Persian and
 * emoji. Too long a text has its link on a line of its own, without the words around it, or else none; then its long values are
 * shortened, so that it still says what happened, and at last its end.
 */
export function smsText(brandName: string, { words, link = null, wordsFrom }: SmsWords): SmsText {
  const whole = wholeSmsText(brandName, words)
  if (fits(whole)) return whole
  const fitted = (text: SmsText) => (wordsFrom && withShorterValues(brandName, wordsFrom)) ?? shortened(text)
  if (!link) return fitted(whole)
  const wordsWithout = link.wordsWithout()
  const linkBelow = wholeSmsText(brandName, wordsWithout, `\n${link.url}`)
  if (fits(linkBelow)) return linkBelow
  const withoutLink = wholeSmsText(brandName, wordsWithout)
  return fits(withoutLink) ? withoutLink : fitted(withoutLink)
}

/** The SMS with all of the words, however long. `end` is in characters that every SMS has. */
export function wholeSmsText(brandName: string, words: string, end = ''): SmsText {
  const original = `${brandName.trim()}: ${words.trim()}`
  const plain = transliterated(smsCharacters(original)) + end
  return isGsm7(plain) ? segmented(plain, 'GSM-7') : segmented(original.normalize('NFC') + end, 'UCS-2')
}

function segmented(text: string, encoding: SmsText['encoding']): SmsText {
  return { text, encoding, segments: encoding === 'GSM-7' ? gsm7Segments(text) : ucs2Segments(text) }
}

/** The library's time grows with the square of the length, so a text far beyond what is sent is only estimated. */
function ucs2Segments(text: string): number {
  const isFarTooLong = text.length > 10 * maxUnits['UCS-2']
  return isFarTooLong ? Math.ceil(text.length / 67) : new SegmentedMessage(text).segmentsCount
}

function fits({ segments }: SmsText): boolean {
  return segments <= maxSegments
}

/** The text with as much of its long values as fits; null where it is too long even so. */
function withShorterValues(brandName: string, wordsFrom: NonNullable<SmsWords['wordsFrom']>): SmsText | null {
  const upTo = (length: number) =>
    wholeSmsText(
      brandName,
      wordsFrom((value) => (value.length > length ? cutTo(value, length) : value)),
    )
  if (!fits(upTo(minValue))) return null
  return upTo(most((length) => length <= minValue || fits(upTo(length)), maxUnits['GSM-7']))
}

/** As much of the text as three segments hold, up to the end of a word unless that would lose half of it. */
function shortened({ text, encoding }: SmsText): SmsText {
  const characters = charactersOf(text, maxUnits[encoding])
  const marked = (kept: string) => segmented(kept + (encoding === 'GSM-7' ? '...' : '…'), encoding)
  const count = most((count) => fits(marked(characters.slice(0, count).join(''))), characters.length)
  return marked(beginning(characters, count))
}

function cutTo(value: string, length: number): string {
  const characters = charactersOf(value, length)
  // The last one may be a part of one.
  return `${beginning(characters, characters.length - 1)}…`
}

/** The characters that readers see, of the beginning of a text. */
function charactersOf(text: string, maxLength: number): string[] {
  return Array.from(new Intl.Segmenter().segment(text.slice(0, maxLength + 1)), ({ segment }) => segment)
}

/** The first characters, up to the end of a word unless that would lose half of them. */
function beginning(characters: string[], count: number): string {
  const upTo = (count: number) => characters.slice(0, count).join('')
  const lastBlank = upTo(count + 1).lastIndexOf(' ')
  const kept = lastBlank > upTo(count).length / 2 ? upTo(count + 1).slice(0, lastBlank) : upTo(count)
  return kept.replace(/[\s.,:;-]+$/, '')
}

/** The largest count up to `limit` that holds; a smaller one than one that holds holds too. */
function most(holds: (count: number) => boolean, limit: number): number {
  let [count, tooMany] = [0, limit + 1]
  while (tooMany - count > 1) {
    const middle = Math.floor((count + tooMany) / 2)
    if (holds(middle)) count = middle
    else tooMany = middle
  }
  return count
}
