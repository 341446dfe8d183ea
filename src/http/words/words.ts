// The words of the pages for people, one file a language beside this one. unsubscribe-page.tsx puts them together.
import { lineage } from '../../../emails/_parts/locale.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { hi } from './hi.ts'
import type { PageWords } from './page-words.ts'

const languages: Record<string, PageWords> = { en, es, hi }

/** In the nearest language along a locale, else along `fallback`, else in English: as in the message. */
export function pageWords(locale: string, fallback: string): PageWords {
  const found = [...lineage(locale), ...lineage(fallback)].find((tag) => Object.hasOwn(languages, tag))
  return languages[found ?? 'en'] ?? en
}
