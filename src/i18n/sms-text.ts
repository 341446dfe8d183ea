// The text of an SMS, its encoding and the number of segments that the provider bills. The brand's name comes first; a text of
// more than three segments loses its link, then its end.
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
}

type SmsText = Pick<SmsMessage, 'text' | 'encoding' | 'segments'>

/**
 * The SMS as it is sent. A text that needs UCS-2 anyway keeps its own characters: joiners carry meaning in Hindi, Persian and
 * emoji. Too long a text has its link on a line of its own, without the words around it, or else none; then it is shortened.
 */
export function smsText(brandName: string, { words, link = null }: SmsWords): SmsText {
  const whole = wholeSmsText(brandName, words)
  if (fits(whole)) return whole
  if (!link) return shortened(whole)
  const wordsWithout = link.wordsWithout()
  const linkBelow = wholeSmsText(brandName, wordsWithout, `\n${link.url}`)
  if (fits(linkBelow)) return linkBelow
  const withoutLink = wholeSmsText(brandName, wordsWithout)
  return fits(withoutLink) ? withoutLink : shortened(withoutLink)
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

/** As much of the text as three segments hold, up to the end of a word unless that would lose half of it. */
function shortened({ text, encoding }: SmsText): SmsText {
  const characters = Array.from(
    new Intl.Segmenter().segment(text.slice(0, maxUnits[encoding])),
    ({ segment }) => segment,
  )
  const upTo = (count: number) => characters.slice(0, count).join('')
  const marked = (kept: string) => segmented(kept + (encoding === 'GSM-7' ? '...' : '…'), encoding)
  let [count, tooMany] = [0, characters.length + 1]
  while (tooMany - count > 1) {
    const middle = Math.floor((count + tooMany) / 2)
    if (fits(marked(upTo(middle)))) count = middle
    else tooMany = middle
  }
  const lastBlank = upTo(count + 1).lastIndexOf(' ')
  const kept = lastBlank > upTo(count).length / 2 ? text.slice(0, lastBlank) : upTo(count)
  return marked(kept.replace(/[\s.,:;-]+$/, ''))
}
