// The words of the pages for people, one file a language beside this one. unsubscribe-page.tsx puts them together.
import { lineage } from '../../../emails/_parts/locale.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { hi } from './hi.ts'

/** Of one channel and one address: `ada@example.com` shown as `a***@example.com`. */
type Sentence = Record<'email' | 'sms', (brand: string, to: string) => string>

export interface PageWords {
  lang: string
  dir: 'ltr' | 'rtl'
  /** Before the button is pressed. */
  leave: { title: string; answer: Sentence; act: string }
  left: { title: string; answer: Sentence; act: string }
  stays: string
  choices: { title: string; legend: string; email: string; sms: string; act: string }
  done: { saved: string; again: string }
  broken: { title: string; answer: string; mend: string }
  failed: { title: string; answer: string; mend: string }
}

const languages: Record<string, PageWords> = { en, es, hi }

/** In the nearest language along a locale, else along `fallback`, else in English: as in the message. */
export function pageWords(locale: string, fallback: string): PageWords {
  const found = [...lineage(locale), ...lineage(fallback)].find((tag) => Object.hasOwn(languages, tag))
  return languages[found ?? 'en'] ?? en
}
