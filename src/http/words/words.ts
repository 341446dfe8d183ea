// Finds the texts of the pages for people in a language.
import { lineage } from '../../../emails/_parts/locale.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { hi } from './hi.ts'
import type { PageWords } from './page-words.ts'

const languages: Record<string, PageWords> = { en, es, hi }

/** The nearest language of the locale, else of `fallback`, else English: the same choice as for messages. */
export function pageWords(locale: string, fallback: string): PageWords {
  const found = [...lineage(locale), ...lineage(fallback)].find((tag) => Object.hasOwn(languages, tag))
  return languages[found ?? 'en'] ?? en
}

/** Where no message says it: the first language of a browser's `Accept-Language` that there are texts in, else of `fallback`. */
export function wordsAskedFor(header: string | undefined, fallback: string): PageWords {
  const asked = (header ?? '').split(',', 20).map((tag) => tag.split(';', 1)[0]?.trim() ?? '')
  const found = asked.find((tag) => lineage(tag).some((each) => Object.hasOwn(languages, each)))
  return pageWords(found ?? fallback, fallback)
}
