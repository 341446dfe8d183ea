// The locales by which numbers and dates are written within words of a language, which need not be the reader's: an English
// sentence to a reader in Thailand has the year 2026, not 2569.
import { cached } from './intl-cache.ts'

interface WrittenLocales {
  numbers: string
  dates: string
}

/**
 * The reader's locale in the calendar and the digits of the words' language. Dates within words of another script are in the
 * words' language: in `home`, the locale of those who write to readers of any language, if that is one of it. So are numbers
 * where the words run the other way: the marks of direction in an Arabic amount would tear it apart in an English line.
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
  const isOpposed = isRightToLeft(reader) !== isRightToLeft(words)
  return {
    numbers: new Intl.Locale(isOpposed ? writer : reader, digits).toString(),
    dates: new Intl.Locale(writer, { ...digits, calendar: calendarOf(words) }).toString(),
  }
})

const rightToLeft = ['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa']

function isRightToLeft(locale: string): boolean {
  return rightToLeft.includes(new Intl.Locale(locale).maximize().script ?? '')
}

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
