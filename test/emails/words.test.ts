// One standard for the words of every language: whole, well-formed, in that language, and without holes when said.
// It asks the files of words and the list of notifiers, so a new language or notifier is held to it at once.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../emails/_parts/frame.ts'
import { renderEmail } from '../../emails/_parts/render.ts'
import { catalogs, type Messages } from '../../emails/_parts/words.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { brand, mailTo, required, someone, textTo } from '../notifiers/fixtures.ts'
import { type MessageParts, partsOf } from './message-parts.ts'

/** Words that happen to be the same as in English. */
const alike: Record<string, string[]> = {
  es: ['Subtotal', 'Total', 'Plan', 'Video'],
  hi: [],
}

/** Texts that a phone company bills as one: in GSM-7, or in as few segments as the script allows. */
const mostSegments: Record<string, number> = { en: 1, es: 1, hi: 2 }

const english = catalogs.en ?? {}
const languages = Object.keys(catalogs)
const others = languages.filter((language) => language !== 'en')

interface Message {
  block: string
  /** `order-shipped.subject` */
  name: string
  text: string
  parts: MessageParts
}

const messages = new Map(languages.map((language) => [language, read(language)]))

function read(language: string): Message[] {
  return Object.entries(catalogs[language] ?? {}).flatMap(([block, texts]) =>
    Object.entries(texts).map(([key, text]) => ({
      block,
      name: `${block}.${key}`,
      text,
      parts: partsOf(text),
    })),
  )
}

/** The names of messages that are not as they must be. */
function faults(language: string, isFault: (message: Message) => unknown): string[] {
  const found = messages.get(language)?.filter(isFault) ?? []
  return found.map(({ name }) => name)
}

const inEnglish = new Map(messages.get('en')?.map((message) => [message.name, message]))

/** What the English of a block names: the notifier's values. */
const known = new Map(
  Object.keys(english).map((block) => {
    const parts = [...inEnglish.values()].filter((message) => message.block === block).map((message) => message.parts)
    const variables = new Set(['name', 'brand', ...parts.flatMap((part) => part.variables)])
    return [block, { variables, numbers: new Set(parts.flatMap((part) => part.numbers)) }]
  }),
)

describe('the words that there are', () => {
  it('are those of the notifiers, and what they have in common', () => {
    expect(Object.keys(english).sort()).toEqual(['common', ...notifiers.map(({ name }) => name)].sort())
  })

  it.each(languages)('in %s stand in order: what is common, then the notifiers by name', (language) => {
    const file = readFileSync(new URL(`../../emails/_words/${language}.json`, import.meta.url), 'utf8')
    const [first, ...blocks] = Object.keys(JSON.parse(file))
    expect(first).toBe('common')
    expect(blocks).toEqual(blocks.toSorted())
  })

  it.each(others)('in %s are all those that English has, and no others', (language) => {
    const keys = (catalog: Record<string, Messages>) =>
      Object.fromEntries(Object.entries(catalog).map(([block, messages]) => [block, Object.keys(messages).sort()]))
    expect(keys(catalogs[language] ?? {})).toEqual(keys(english))
  })
})

describe.each(languages)('a message in %s', (language) => {
  it('has no character that MessageFormat would eat, no space too many, and does not shout', () => {
    expect(faults(language, ({ text }) => /'|\s\s|^\s|\s$|[!¡]/.test(text))).toEqual([])
  })

  it('has each plural that the language makes a difference for', () => {
    const wanted = (type: 'cardinal' | 'ordinal') =>
      new Intl.PluralRules(language, { type }).resolvedOptions().pluralCategories.toSorted()
    const odd = faults(language, ({ parts }) =>
      parts.plurals.some(({ type, categories }) => categories.toSorted().join() !== wanted(type).join()),
    )
    expect(odd).toEqual([])
  })

  it('gives a reason among the facts without a full stop', () => {
    const isReason = ({ name }: Message) => /\.reason(\.|$)/.test(name)
    expect(messages.get(language)?.filter(isReason).length).toBeGreaterThan(30)
    expect(faults(language, (message) => isReason(message) && /[.।](\}|$)/.test(message.text))).toEqual([])
  })

  it('writes numbers as numbers', () => {
    expect(
      faults(language, ({ block, parts }) => parts.bare.some((name) => known.get(block)?.numbers.has(name))),
    ).toEqual([])
  })
})

describe.each(others)('a message in %s, beside its English', (language) => {
  it('names nothing that the notifier does not know', () => {
    const strange = faults(language, ({ block, parts }) =>
      parts.variables.some((name) => !known.get(block)?.variables.has(name)),
    )
    expect(strange).toEqual([])
  })

  it('has the same tags', () => {
    const tagsOf = (message: Message | undefined) => [...new Set(message?.parts.tags)].sort().join()
    expect(faults(language, (message) => tagsOf(message) !== tagsOf(inEnglish.get(message.name)))).toEqual([])
  })

  it('is not left in English, not even in one of its branches', () => {
    const isWord = (words: string) => /\p{L}{3}/u.test(words) && !alike[language]?.includes(words.trim())
    const left = faults(language, ({ name, parts }) => {
      const theirs = inEnglish.get(name)?.parts.literals.map((words) => words.trim()) ?? []
      return parts.literals.some((words) => isWord(words) && theirs.includes(words.trim()))
    })
    expect(left).toEqual([])
  })

  it('is in the script of the language, but for the names of settings', () => {
    const script = new Intl.Locale(language).maximize().script
    const foreign = new RegExp(`(?!\\p{Script=${script}})\\p{L}`, 'u')
    expect(
      faults(language, ({ parts }) => parts.literals.some((words) => foreign.test(words.replace(/\b[A-Z_]+\b/g, '')))),
    ).toEqual([])
  })
})

const locales: Record<string, string[]> = { en: ['en-GB', 'en-IN'], es: ['es-ES', 'es-MX'], hi: ['hi-IN'] }
const hole = /\b(?:undefined|null|NaN|absent|Invalid Date)\b|\[object|[{}]| [,.;:।]|[ \u00a0]{2}|\(\)/

describe.each(languages)('said in %s', (language) => {
  const asked = locales[language] ?? [language]

  describe.each(notifiers)('$name', (notifier) => {
    const least = { name: null, replyTo: null, brand: { ...brand, address: null } }

    it.each([
      ['with its sample', notifier.sample.data, {}],
      ['with nothing but what is required', required[notifier.name], least],
    ])('has no hole %s', async (_, data, changes) => {
      for (const locale of asked) {
        const { subject, element } = mailTo(notifier, data, someone({ locale, ...changes }))
        const { html, text } = await renderEmail(element)
        const { t } = (element.props as { frame: Frame }).frame
        const preheader = t.text('preheader')
        for (const words of [subject, preheader, t.text('heading'), text]) expect(words).not.toMatch(hole)
        expect(html).toContain(`lang="${locale}"`)
        expect(subject).toMatch(/\p{L}/u)
        expect(preheader).toMatch(/^[¿“]?[\p{Lu}\p{Lo}\p{N}\p{Sc}].*[.?।]$/u)
        expect(subject).not.toContain(preheader.replace(/[.?।]$/, ''))
      }
    })

    it('has a subject that is seen whole', () => {
      for (const locale of asked)
        expect(mailTo(notifier, notifier.sample.data, someone({ locale })).subject.length).toBeLessThan(80)
    })

    it.skipIf(!notifier.channels.includes('sms'))('has a text that costs no more than it must', () => {
      for (const locale of asked)
        for (const data of [notifier.sample.data, required[notifier.name]]) {
          const { text, encoding, segments } = textTo(notifier, data, { locale })
          expect(text).not.toMatch(hole)
          expect(segments, text).toBeLessThanOrEqual(mostSegments[language] ?? 1)
          expect(encoding, text).toBe(mostSegments[language] === 1 ? 'GSM-7' : 'UCS-2')
        }
    })
  })
})
