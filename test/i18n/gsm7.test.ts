// Our count of GSM-7 segments against the library that counts them character by character.
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { gsm7Segments, isGsm7, smsCharacters, transliterated } from '../../src/i18n/gsm7.ts'

const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
const alphabet = characters.filter((character) => isGsm7(character) && character !== '\r')

/** The same numbers each time, from 0 to `limit` - 1. */
function numbers(seed: number) {
  let state = seed
  return (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

describe('the segments of a text in GSM-7', () => {
  it('are those of the library, for each character', () => {
    expect(alphabet).toHaveLength(126 + 9)
    for (const character of alphabet) {
      const text = character.repeat(160)
      const { encodingName, segmentsCount } = new SegmentedMessage(text)
      expect([character, encodingName, segmentsCount]).toEqual([character, 'GSM-7', gsm7Segments(text)])
    }
  })

  it.each([0, 1, 20, 60, 100])(
    'are those of the library, with %i %% of the characters from the extension table',
    (share) => {
      const below = numbers(share + 1)
      const [extended, basic] = ['^{}\\[~]|€', alphabet.join('')]
      for (let nth = 0; nth < 150; nth++) {
        const from = () => (below(100) < share ? extended : basic)
        const text = Array.from({ length: below(4) === 0 ? 140 + below(30) : below(500) }, () => {
          const set = from()
          return set[below(set.length)]
        }).join('')
        expect([text, gsm7Segments(text)]).toEqual([text, new SegmentedMessage(text).segmentsCount])
      }
    },
  )

  it.each([159, 160, 161, 305, 306, 307, 459, 460])('are those of the library, %i characters long', (length) => {
    for (const last of ['', '€', '€€', 'a€a']) {
      const text = 'a'.repeat(length) + last
      expect(gsm7Segments(text)).toBe(new SegmentedMessage(text).segmentsCount)
    }
  })
})

it('a tidy text in GSM-7 stays as it is', () => {
  // A letter that GSM-7 lacks makes both functions look at each character.
  const below = numbers(7)
  for (let nth = 0; nth < 500; nth++) {
    const text = Array.from({ length: below(40) }, () => alphabet[below(alphabet.length)]).join('')
    expect(`${smsCharacters(`${text} Ł`)}`).toBe(`${smsCharacters(text)} Ł`.replace(/^ /, ''))
    expect(transliterated(`${text}Ł`)).toBe(`${transliterated(text)}L`)
  }
})
