// The words of every email and text, apart from their layout: one file a language in _words/, each message in ICU
// MessageFormat. What a notifier knows goes in as values; a value that is not known is the word `absent`, so that a
// message can leave out what would be a hole: `{orderNumber, select, absent {} other { for order {orderNumber}}}`.
import type { PrimitiveType } from 'intl-messageformat'
import { createElement, type ReactNode } from 'react'
import en from '../_words/en.json' with { type: 'json' }
import es from '../_words/es.json' with { type: 'json' }
import hi from '../_words/hi.json' with { type: 'json' }
import { isolated } from './isolate.ts'
import { directionOf, lineage, withLatinDigits } from './locale.ts'
import { type Form, parsed } from './message.ts'
import { Whole } from './whole.tsx'

/** The messages of one notifier in one language, by key. */
export type Messages = Record<string, string>

/** `common`, and a block for each notifier. */
export type Catalog = Record<string, Messages>

/** Every language there is words in. Another is its file in _words/ and its line here. */
export const catalogs: Record<string, Catalog> = { en, es, hi }

export type Values = Record<string, string | number | null | undefined>

/** Says a message with the notifier's values, and those given for this one. Throws where there is no such message. */
export interface Say {
  /** As React has it: `<b>` keeps its words in one piece, and `tags` say what others are. */
  (key: string, tags?: Record<string, (words: string) => ReactNode>): ReactNode
  /** As plain text: a subject, a label, an SMS. */
  text(key: string, more?: Values): string
  has(key: string): boolean
}

/** An operator's words of one notifier, by locale: the version that counts there, and the messages it has. */
export type Published = Record<string, { version: number; messages: Messages }>

/** Whose words were said: an operator's version for a locale, and what it left out in `rest`; else ours, in a language. */
export interface WordsUsed {
  locale: string
  /** Null: our own. */
  version: number | null
  rest?: { locale: string; version: number }[]
}

/** The words of one notifier for one person. */
export interface Words {
  /** The language that they are in, in the person's own form of it (`en-GB`): a screen reader takes its voice from it. */
  lang: string
  dir: 'ltr' | 'rtl'
  used: WordsUsed
  with(values: Values): Say
}

/**
 * The notifier's words in the nearest language: along the locale, then along `fallback`, then English. What is published
 * for that language, or for the locale within it, goes before our own: message by message, the nearest first.
 */
export function wordsOf(notifier: string, locale: string, fallback = 'en', published: Published = {}): Words {
  // A language that is an operator's alone is whole; within one of ours a version may hold a single message.
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

/** The language of ours that stands behind a locale, as Spanish does behind `es-MX`; null where there is none. */
export function ownLanguage(notifier: string, locale: string): string | null {
  return lineage(locale).find((tag) => isOwn(notifier, tag)) ?? null
}

/** Our own messages of a notifier, and those in common; the English ones where we have none in this language. */
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

/** These messages, which are in this language, to a person of this locale. */
function wordsIn(messages: Messages, language: string, locale: string, used: WordsUsed): Words {
  const theirs = lineage(locale).includes(language)
  // Money and dates are in the person's own form, so a message in their language is, too, and so are its numbers.
  const lang = theirs ? locale : language
  const numbers = theirs ? locale : withLatinDigits(locale)
  return { lang, dir: directionOf(lang), used, with: (values) => sayWith(messages, { lang, numbers }, values) }
}

function sayWith(messages: Messages, form: Form, values: Values): Say {
  const dir = directionOf(form.lang)
  const message = (key: string) => {
    const found = messages[key]
    if (found === undefined) throw new Error(`there are no words ${key} in ${form.lang}`)
    return parsed(found, form)
  }
  const say = (key: string, tags: Record<string, (words: string) => ReactNode> = {}): ReactNode => {
    let nth = 0
    const bold = (words: string) => createElement(Whole, { key: nth++ }, words)
    const drawn = Object.entries({ b: bold, ...tags }).map(([tag, draw]) => [tag, inTag(draw)])
    return message(key).format<ReactNode>({ ...known(values, dir), ...Object.fromEntries(drawn) })
  }
  const text = (key: string, more: Values = {}): string =>
    String(message(key).format<string>({ ...known({ ...values, ...more }, dir), b: inTag((words) => words) }))
  return Object.assign(say, { text, has: (key: string) => Object.hasOwn(messages, key) })
}

function inTag<Part>(draw: (words: string) => Part) {
  return (chunks: unknown[]) => draw(chunks.join(''))
}

function known(values: Values, dir: Words['dir']): Record<string, PrimitiveType> {
  const given = (value: Values[string]) => (typeof value === 'string' ? isolated(value, dir) : (value ?? 'absent'))
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, given(value)]))
}
