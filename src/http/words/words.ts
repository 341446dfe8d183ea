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
