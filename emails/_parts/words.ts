// The texts of all emails and SMS, in ICU MessageFormat, one file a language. A missing value is the word `absent`, so that a
// message can select on it: `{orderNumber, select, absent {} other { for order {orderNumber}}}`.
import type { PrimitiveType } from 'intl-messageformat'
import type { ReactNode } from 'react'
import en from '../_words/en.json' with { type: 'json' }
import es from '../_words/es.json' with { type: 'json' }
import hi from '../_words/hi.json' with { type: 'json' }
import { cached } from './cached.ts'
import { isolated } from './isolate.ts'
import { directionOf, lineage, withDigitsOf } from './locale.ts'
import { type Form, parsed } from './message.ts'
import { draw, type Part, type Tags, tagged } from './parts.tsx'

/** The messages of one notifier in one language, by key. */
export type Messages = Record<string, string>

/** `common`, and one block per notifier. */
export type Catalog = Record<string, Messages>

/** The languages. A new one needs its file in _words/ and a line here. */
const languages = { en, es, hi }
export const catalogs: Record<string, Catalog> = languages

/** The messages of one notifier by language, in English at least. */
export type Texts = { en: Messages } & Partial<Record<keyof typeof languages, Messages>>

const ownTexts = new Set<string>()

/** Adds the messages of a notifier whose texts stand in its own file. Throws where texts of that name stand elsewhere too. */
export function addTexts(notifier: string, texts: Texts): void {
  const own = `src/notifiers/${notifier}.ts`
  if (ownTexts.has(notifier)) throw twice(notifier, `${own} and another notifier of that name`)
  for (const [language, messages] of Object.entries(texts)) {
    const catalog = catalogs[language]
    if (catalog && Object.hasOwn(catalog, notifier)) throw twice(notifier, `${own} and emails/_words/${language}.json`)
    if (catalog) catalog[notifier] = messages
  }
  ownTexts.add(notifier)
}

function twice(notifier: string, places: string): Error {
  return new Error(`The texts of ${notifier} stand twice, in ${places}: remove one, or give the notifier another name.`)
}

export type Values = Record<string, string | number | null | undefined>

/** Formats a message with the notifier's values and any given for it. Throws where there is no such message. */
export interface Translate {
  /** As React nodes: `<b>` does not break across lines, and `tags` render other tags. */
  (key: string, tags?: Tags): ReactNode
  /** As plain text, for a subject, a label or an SMS. */
  text(key: string, more?: Values): string
  has(key: string): boolean
  /** As parts that are not drawn yet; `tags` names the tags beside `<b>`. */
  parts(key: string, tags: string[]): Part[]
}

/** An operator's published copy of one notifier, by locale: the current version and its messages. */
export type Published = Record<string, { version: number; messages: Messages }>

/** The copy that was used: an operator's version for a locale, with the versions in `rest` for messages it lacks; else ours. */
export interface WordsUsed {
  locale: string
  /** Null for the built-in copy. */
  version: number | null
  rest?: { locale: string; version: number }[]
}

/** The texts of one notifier for one person. */
export interface Words {
  /** The language of the texts, in the person's variant (`en-GB`): screen readers choose their voice by it. */
  lang: string
  dir: 'ltr' | 'rtl'
  used: WordsUsed
  with(values: Values): Translate
}

/**
 * The notifier's texts in the nearest language: along the locale, then along `fallback`, then English. Copy published for that
 * language, or for the locale within it, overrides ours, message by message, nearest first.
 */
export function wordsOf(notifier: string, locale: string, fallback = 'en', published: Published = {}): Words {
  const isPublished = Object.keys(published).length > 0
  return isPublished ? nearest(notifier, locale, fallback, published) : builtIn(notifier, locale, fallback)
}

const builtIn = cached(500, (notifier: string, locale: string, fallback: string) =>
  nearest(notifier, locale, fallback, {}),
)

function nearest(notifier: string, locale: string, fallback: string, published: Published): Words {
  // In a language that we lack an operator's version is complete; in one of ours it may hold a single message.
  const isWhole = (tag: string) => Object.hasOwn(published, tag) && ownLanguage(notifier, tag) === null
  const speaks = (tag: string) => isOwn(notifier, tag) || isWhole(tag)
  const line = [lineage(locale), lineage(fallback)].find((tags) => tags.some(speaks)) ?? ['en']
  const at = line.findIndex(speaks)
  const language = line[at] ?? 'en'
  const versions = line.slice(0, at + 1).flatMap((tag) => {
    const found = Object.hasOwn(published, tag) ? published[tag] : undefined
    return found ? [{ locale: tag, ...found }] : []
  })
  const messages = [ownMessages(notifier, language), ...versions.map((version) => version.messages).reverse()]
  return wordsIn(Object.assign({}, ...messages), language, locale, usedOf(language, versions))
}

/** The built-in language for a locale, such as Spanish for `es-MX`; null where there is none. */
export function ownLanguage(notifier: string, locale: string): string | null {
  return lineage(locale).find((tag) => isOwn(notifier, tag)) ?? null
}

/** The built-in messages of a notifier and the common ones; in English where we lack the language. */
export function ownMessages(notifier: string, language: string): Messages {
  const catalog: Catalog = (isOwn(notifier, language) && catalogs[language]) || en
  return { ...catalog.common, ...catalog[notifier] }
}

function isOwn(notifier: string, tag: string): boolean {
  return Object.hasOwn(catalogs, tag) && Object.hasOwn(catalogs[tag] ?? {}, notifier)
}

function usedOf(language: string, [first, ...others]: { locale: string; version: number }[]): WordsUsed {
  if (!first) return { locale: language, version: null }
  const rest = others.map(({ locale, version }) => ({ locale, version }))
  return { locale: first.locale, version: first.version, ...(rest.length > 0 && { rest }) }
}

/** Messages in a language, formatted for a person of a locale. */
function wordsIn(messages: Messages, language: string, locale: string, used: WordsUsed): Words {
  const theirs = lineage(locale).includes(language)
  // Money and dates follow the person's locale, so a message in their language and its numbers do, too.
  const lang = theirs ? locale : language
  const numbers = theirs ? locale : withDigitsOf(language, locale)
  return { lang, dir: directionOf(lang), used, with: (values) => translateWith(messages, { lang, numbers }, values) }
}

function translateWith(messages: Messages, form: Form, values: Values): Translate {
  const dir = directionOf(form.lang)
  const own = formatted(values, dir)
  const message = (key: string) => {
    const found = messages[key]
    if (found === undefined) throw new Error(`there are no words ${key} in ${form.lang}`)
    return parsed(found, form)
  }
  return translateBy({
    text: (key, more) =>
      String(message(key).format<string>({ ...own, ...(more && formatted(more, dir)), b: inTag((words) => words) })),
    has: (key) => Object.hasOwn(messages, key),
    parts(key, tags) {
      const drawn = ['b', ...tags].map((tag) => [tag, inTag((words) => tagged(tag, words))])
      const parts = message(key).format<Part>({ ...own, ...Object.fromEntries(drawn) })
      return Array.isArray(parts) ? parts : [parts]
    },
  })
}

/** Adds the nodes, drawn from the parts. */
export function translateBy(given: Pick<Translate, 'text' | 'has' | 'parts'>): Translate {
  const t = (key: string, tags: Tags = {}) => draw(given.parts(key, Object.keys(tags)), tags)
  return Object.assign(t, given)
}

function inTag<Words>(read: (words: string) => Words) {
  return (chunks: unknown[]) => read(chunks.join(''))
}

function formatted(values: Values, dir: Words['dir']): Record<string, PrimitiveType> {
  const given = (value: Values[string]) => (typeof value === 'string' ? isolated(value, dir) : (value ?? 'absent'))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, given(value)]))
}
