// Parses messages in ICU MessageFormat, with plurals by the rules of the message's language and numbers in the form of the
// person's locale: `1,00,000` or `100.000`.
import { IntlMessageFormat, type Options } from 'intl-messageformat'
import { cached } from './cached.ts'

export interface Form {
  /** The language of the message. */
  lang: string
  /** The locale of its numbers. */
  numbers: string
}

export function parsed(message: string, { lang, numbers }: Form): IntlMessageFormat {
  return inForm(lang, numbers, message)
}

const inForm = cached(5_000, (lang: string, numbers: string, message: string) => {
  return new IntlMessageFormat(message, lang, undefined, { formatters: formatters(lang, numbers) })
})

// The library's default formatters take the number format from the language, and are created anew for each message.
const formatters = cached(500, (lang: string, numbers: string): NonNullable<Options['formatters']> => {
  const plain = new Intl.NumberFormat(numbers)
  const cardinal = new Intl.PluralRules(lang)
  const ordinal = new Intl.PluralRules(lang, { type: 'ordinal' })
  const numberFormat = cached(100, (options: string) => new Intl.NumberFormat(numbers, JSON.parse(options)))
  const dateFormat = cached(100, (options: string) => new Intl.DateTimeFormat(numbers, JSON.parse(options)))
  return {
    getNumberFormat: (_, options) => (options ? numberFormat(JSON.stringify(options)) : plain),
    getPluralRules: (_, options) => (options?.type === 'ordinal' ? ordinal : cardinal),
    getDateTimeFormat: (_, options) => dateFormat(JSON.stringify(options ?? {})),
  }
})
