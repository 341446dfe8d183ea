// The words of every email and text, apart from their layout: one file a language in _words/, each message in ICU
// MessageFormat. What a notifier knows goes in as values; a value that is not known is the word `absent`, so that a
// message can leave out what would be a hole: `{orderNumber, select, absent {} other { for order {orderNumber}}}`.
import { IntlMessageFormat, type PrimitiveType } from 'intl-messageformat'
import { createElement, type ReactNode } from 'react'
import en from '../_words/en.json' with { type: 'json' }
import { Whole } from './whole.tsx'

/** The messages of one notifier in one language, by key. */
export type Messages = Record<string, string>

/** `common`, and a block for each notifier. */
export type Catalog = Record<string, Messages>

/** Every language there is words in. Another is its file in _words/ and its line here. */
export const catalogs: Record<string, Catalog> = { en }

export type Values = Record<string, string | number | null | undefined>

/** Says a message with the notifier's values, and those given for this one. Throws where there is no such message. */
export interface Say {
  /** As React has it: `<b>` keeps its words in one piece, and `tags` say what others are. */
  (key: string, tags?: Record<string, (words: string) => ReactNode>): ReactNode
  /** As plain text: a subject, a label, an SMS. */
  text(key: string, more?: Values): string
  has(key: string): boolean
}

/** The words of one notifier for one person. */
export interface Words {
  /** The language that they are in, in the person's own form of it (`en-GB`): a screen reader takes its voice from it. */
  lang: string
  dir: 'ltr' | 'rtl'
  with(values: Values): Say
}

/**
 * The notifier's words in the nearest language: the locale itself, its language, then those of `fallback`, then English.
 * `published` are an operator's words for that language, message by message before our own.
 */
export function wordsOf(notifier: string, locale: string, fallback = 'en', published: Messages = {}): Words {
  const language = languageFor(locale, fallback)
  const catalog = catalogs[language] ?? en
  const messages: Messages = { ...catalog.common, ...(catalog as Catalog)[notifier], ...published }
  // Money and dates are in the person's own form, so a message in their language is, too.
  const lang = languageOf(locale) === languageOf(language) ? locale : language
  return { lang, dir: directionOf(lang), with: (values) => sayWith(messages, lang, values) }
}

/** Of the languages there are, the nearest to a locale. */
export function languageFor(locale: string, fallback = 'en'): string {
  const wanted = [locale, languageOf(locale), fallback, languageOf(fallback)]
  return wanted.find((tag) => Object.hasOwn(catalogs, tag)) ?? 'en'
}

function languageOf(locale: string): string {
  return locale.split('-', 1)[0]?.toLowerCase() ?? locale
}

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

function directionOf(lang: string): 'ltr' | 'rtl' {
  return rightToLeft.has(languageOf(lang)) ? 'rtl' : 'ltr'
}

function sayWith(messages: Messages, locale: string, values: Values): Say {
  const message = (key: string) => {
    const found = messages[key]
    if (found === undefined) throw new Error(`there are no words ${key} in ${locale}`)
    return parsed(found, locale)
  }
  const say = (key: string, tags: Record<string, (words: string) => ReactNode> = {}): ReactNode => {
    let nth = 0
    const bold = (words: string) => createElement(Whole, { key: nth++ }, words)
    const drawn = Object.entries({ b: bold, ...tags }).map(([tag, draw]) => [tag, inTag(draw)])
    return message(key).format<ReactNode>({ ...known(values), ...Object.fromEntries(drawn) })
  }
  const text = (key: string, more: Values = {}): string =>
    String(message(key).format<string>({ ...known({ ...values, ...more }), b: inTag((words) => words) }))
  return Object.assign(say, { text, has: (key: string) => Object.hasOwn(messages, key) })
}

function inTag<Part>(draw: (words: string) => Part) {
  return (chunks: unknown[]) => draw(chunks.join(''))
}

function known(values: Values): Record<string, PrimitiveType> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? 'absent']))
}

const most = 5_000
const cache = new Map<string, IntlMessageFormat>()

/** Parsed once for each language; forgotten when full, as operators' drafts come and go. */
function parsed(message: string, locale: string): IntlMessageFormat {
  const key = `${locale} ${message}`
  const found = cache.get(key)
  if (found) return found
  if (cache.size >= most) cache.clear()
  const made = new IntlMessageFormat(message, locale)
  cache.set(key, made)
  return made
}
