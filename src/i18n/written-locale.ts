// The locales by which numbers and dates are written within words of a language, which need not be the reader's: an English
// sentence to a reader in Thailand has the year 2026, not 2569.
import { memo } from '../domain/memo.ts'
import { mostLocales } from './intl-cache.ts'

interface WrittenLocales {
  numbers: string
  dates: string
}

/**
 * Numbers are in the reader's form, in the digits of the words' language. Dates are in the words' language: in the form of the
 * reader's region (`en-FR`) where that has one and the reader's script is the same, else in `home`, the locale of those who
 * write to readers of any language, if that is one of it. So are numbers where the words run the other way: the marks of
 * direction in an Arabic amount would tear it apart in an English line.
 */
export const writtenLocales = memo(mostLocales, (reader: string, language: string, home: string): WrittenLocales => {
  const theirs = new Intl.Locale(reader)
  const words = languageOf(language)
  if (languageOf(reader) === words) {
    const dates = theirs.calendar ? reader : new Intl.Locale(reader, { calendar: calendarOf(words) }).toString()
    return { numbers: reader, dates }
  }
  const digits = { numberingSystem: digitsOf(words) }
  const writer = regionalForm(theirs.maximize(), words) ?? (languageOf(home) === words ? home : language)
  const isOpposed = isRightToLeft(reader) !== isRightToLeft(words)
  return {
    numbers: new Intl.Locale(isOpposed ? writer : reader, digits).toString(),
    dates: new Intl.Locale(writer, { ...digits, calendar: calendarOf(words) }).toString(),
  }
})

/** The words' language as it is written in the reader's region; null where Intl has no such form, or the scripts differ. */
function regionalForm({ region, script }: Intl.Locale, words: string): string | null {
  const { language, script: ofWords } = new Intl.Locale(words)
  if (!region || script !== ofWords) return null
  const form = `${language}-${region}`
  return new Intl.DateTimeFormat(form).resolvedOptions().locale === form ? form : null
}

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
