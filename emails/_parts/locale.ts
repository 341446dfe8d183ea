// What a locale implies for texts: the languages that may stand in for it, its direction, and its digits.
import { cached } from './cached.ts'

/**
 * The locale and those that may stand in for it, nearest first: `es-MX`, `es`; `zh-TW`, `zh-Hant`. Never one in another
 * script: a reader of Hindi in Latin letters (`hi-Latn`) may not read Devanagari.
 */
export const lineage = cached(500, (locale: string): readonly string[] => {
  const asked = read(locale)
  if (!asked) return []
  const parts = asked.baseName.split('-')
  const shorter = parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'))
  const { language, script } = asked.maximize()
  return [...new Set([...shorter, `${language}-${script}`, language])].filter((tag) => scriptOf(tag) === (script ?? ''))
})

const rightToLeft = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(scriptOf(locale)) ? 'rtl' : 'ltr'
}

const marksAboveAndBelow = new Set('Beng Deva Gujr Guru Khmr Knda Mlym Mymr Sinh Taml Telu Thai Tibt'.split(' '))

/** Whether the script, such as Devanagari, needs a larger line height than Latin. */
export function isTall(locale: string): boolean {
  return marksAboveAndBelow.has(scriptOf(locale))
}

/** The locale with the digits of a language, for numbers in a text of it: they keep the locale's grouping. */
export const withDigitsOf = cached(500, (language: string, locale: string): string => {
  const { numberingSystem } = new Intl.NumberFormat(language).resolvedOptions()
  return read(locale, { numberingSystem })?.toString() ?? locale
})

/** Such as `Latn`; empty where Intl does not know it. */
const scriptOf = cached(500, (locale: string): string => read(locale)?.maximize().script ?? '')

function read(locale: string, options: Intl.LocaleOptions = {}): Intl.Locale | null {
  try {
    return new Intl.Locale(locale, options)
  } catch {
    return null
  }
}
