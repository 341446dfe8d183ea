// The locales by which numbers and dates are written within words of a language, which need not be the reader's: an English
// sentence to a reader in Thailand has the year 2026, not 2569.
import { cached } from './intl-cache.ts'

interface WrittenLocales {
  numbers: string
  dates: string
}

/**
 * The reader's locale in the calendar and the digits of the words' language. Dates within words of another script are in the
 * words' language: in `home`, the locale of those who write to readers of any language, if that is one of it.
 */
export const writtenLocales = cached((reader: string, language: string, home: string): WrittenLocales => {
  const theirs = new Intl.Locale(reader)
  const words = languageOf(language)
  if (languageOf(reader) === words) {
    const dates = theirs.calendar ? reader : new Intl.Locale(reader, { calendar: calendarOf(words) }).toString()
    return { numbers: reader, dates }
  }
  const digits = { numberingSystem: digitsOf(words) }
  const isLegible = theirs.maximize().script === new Intl.Locale(words).script
  const writer = isLegible ? reader : languageOf(home) === words ? home : language
  return {
    numbers: new Intl.Locale(reader, digits).toString(),
    dates: new Intl.Locale(writer, { ...digits, calendar: calendarOf(words) }).toString(),
  }
})

/** The language in its script, `th-Thai`, without a region. */
function languageOf(locale: string): string {
  const { language, script } = new Intl.Locale(locale).maximize()
  return script ? `${language}-${script}` : language
}

function calendarOf(language: string): string {
  return new Intl.DateTimeFormat(language).resolvedOptions().calendar
}

function digitsOf(language: string): string {
  return new Intl.NumberFormat(language).resolvedOptions().numberingSystem
}
