// How a person is found in texts: by addresses of their own in any encoding, by ids and by names, and never by those of others.
import { describe, expect, it } from 'vitest'
import { type PersonFinder, personFinder } from '../../src/privacy/person-finder.ts'
import { wordsOf } from '../../src/privacy/words.ts'
import { planted, spellings } from '../helper/planted.ts'

/** Whether the text names the person, without pauses between the steps. */
function names(finder: PersonFinder, text: string): boolean {
  const steps = finder.steps(text)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

describe('an address', () => {
  it.each(planted)('$email and its phone number are found in every spelling', (one) => {
    const finder = personFinder([], [one.email, one.phone])
    const missed = (texts: string[]) => texts.filter((text) => !names(finder, text))
    expect(missed(spellings(one))).toEqual([])
    expect(missed(spellings(one).map((text) => `see ${text} for more`))).toEqual([])
  })

  it('is not found in the address of somebody else that ends or begins like it', () => {
    const finder = personFinder([], ['lin@uni.example.org', '+4722334455'])
    const others = ['colin@uni.example.org', 'mei-lin@uni.example.org', 'b-colin=uni.example.org@lists.example']
    others.push('lin@old.uni.example.org', 'lin@uni.example.org.au', 'berlin at uni.example.org')
    others.push(
      'order 9922334455',
      'order 2233445500',
      '22-33-44',
      Buffer.from('mei@uni.example.org').toString('base64'),
    )
    expect(others.filter((text) => names(finder, text))).toEqual([])
    const own = [
      'to=lin@uni.example.org',
      'b-lin=uni.example.org@lists.example',
      '004722334455',
      '22 33 44 55',
      '022334455',
    ]
    expect(own.filter((text) => !names(finder, text))).toEqual([])
  })

  it('is found at the end of a text of any length, in steps that a caller may pause between', () => {
    const finder = personFinder([], ['_last@deep.example.org'])
    for (const filler of ['\\', '%2525', '=3D', 'someone@else.example ', '+1', 'a-']) {
      const text = filler.repeat(600_000 / filler.length)
      for (const [whole, isThere] of [
        [text, false],
        [`${text} _last@deep.example.org`, true],
      ] as const) {
        const steps = finder.steps(whole)
        let count = 0
        let step = steps.next()
        for (; !step.done; step = steps.next()) count += 1
        expect(step.value, filler).toBe(isThere)
        expect(count, filler).toBeGreaterThan(15)
      }
    }
  })
})

describe('an id', () => {
  const finder = personFinder(['7', 'so "called" \\7/'], [])

  it('is found as the value of a field for one, also in JSON within JSON, and as a whole text', () => {
    const nested = (value: unknown) => JSON.stringify(JSON.stringify(value))
    const texts = ['7', '{"customer_id": "7"}', nested({ recipientId: '7' }), nested([{ id: 'so "called" \\7/' }])]
    expect(texts.filter((text) => !names(finder, text))).toEqual([])
  })

  it('is not found in other numbers and texts', () => {
    expect(['77', 'room 7', '{"id":"77"}', '{"count":"7"}'].filter((text) => names(finder, text))).toEqual([])
  })
})

describe('names', () => {
  it('are found as words of their own, in capitals too, and with other blanks between them', () => {
    const words = wordsOf(['Mo', 'Ana de la Cruz', "O'Neill", 'Ольга'])
    const read = (text: string) => words.in(text).map(({ start, end }) => text.slice(start, end))
    expect(read('Mo, Moritz and MO')).toEqual(['Mo', 'MO'])
    expect(read('for ana+de+la+cruz, Ana de la Vega')).toEqual(['ana+de+la+cruz'])
    expect(read('O’Neill; ОЛЬГА и Ольгавна')).toEqual(['O’Neill', 'ОЛЬГА'])
    expect(read('the mo of ana')).toEqual([])
  })

  it('cost a look-up for a place in a text, however many they are', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `Rahel ${i} Stone`)
    const finder = personFinder([], []).with({ names: many })
    const text = 'Rahel 1 Store '.repeat(50_000)
    expect(names(finder, text)).toBe(false)
    expect(names(finder, `${text}Rahel 19999 Stone`)).toBe(true)
  })

  it('are not found where a long text is cut into parts', () => {
    const finder = personFinder([], []).with({ names: ['Cat'] })
    expect(names(finder, 'Category'.repeat(20_000))).toBe(false)
    expect(names(finder, 'Category '.repeat(20_000))).toBe(false)
    expect(names(finder, `${'Category '.repeat(20_000)}Cat`)).toBe(true)
  })
})
