// What a locale says about words: which languages may stand in for it, and which way it is written.
// words.ts looks for them among the languages there are.

/**
 * The locale, and what may stand in for it, the nearest first: `es-MX`, then `es`; `zh-TW`, then `zh-Hant`. Never what
 * is written in another script: who reads Hindi in Latin letters (`hi-Latn`) is not helped by Devanagari.
 */
export function lineage(locale: string): string[] {
  const asked = read(locale)
  if (!asked) return []
  const parts = asked.baseName.split('-')
  const shorter = parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'))
  const { language, script } = asked.maximize()
  return [...new Set([...shorter, `${language}-${script}`, language])].filter((tag) => scriptOf(tag) === script)
}

const rightToLeft = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(scriptOf(locale) ?? '') ? 'rtl' : 'ltr'
}

const marksAboveAndBelow = new Set('Beng Deva Gujr Guru Khmr Knda Mlym Mymr Sinh Taml Telu Thai Tibt'.split(' '))

/** Whether the letters need more room between lines than Latin ones, as Devanagari's do. */
export function isTall(locale: string): boolean {
  return marksAboveAndBelow.has(scriptOf(locale) ?? '')
}

/** For numbers among words of another language: the locale's own grouping, in the digits that those words have. */
export function withLatinDigits(locale: string): string {
  return read(locale, { numberingSystem: 'latn' })?.toString() ?? locale
}

function scriptOf(locale: string): string | undefined {
  return read(locale)?.maximize().script
}

function read(locale: string, options: Intl.LocaleOptions = {}): Intl.Locale | null {
  try {
    return new Intl.Locale(locale, options)
  } catch {
    return null
  }
}
