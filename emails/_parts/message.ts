// A message in ICU MessageFormat, parsed and ready to be said: its plurals by the rules of the language that it is in,
// its numbers in the person's own form, `1,00,000` or `100.000`. words.ts gives it the values.
import { IntlMessageFormat, type Options } from 'intl-messageformat'

/** Made once for each pair; forgotten when full, as operators' drafts and people's locales come and go. */
function kept<Made>(most: number, make: (one: string, other: string) => Made) {
  const cache = new Map<string, Made>()
  return (one: string, other: string): Made => {
    const key = `${one}\n${other}`
    const found = cache.get(key)
    if (found !== undefined) return found
    if (cache.size >= most) cache.clear()
    const made = make(one, other)
    cache.set(key, made)
    return made
  }
}

export interface Form {
  /** The language of the words. */
  lang: string
  /** The locale whose numbers stand in them. */
  numbers: string
}

export function parsed(message: string, { lang, numbers }: Form): IntlMessageFormat {
  return inForm(`${lang} ${numbers}`, message)
}

const inForm = kept(5_000, (form, message) => {
  const [lang = '', numbers = ''] = form.split(' ')
  return new IntlMessageFormat(message, lang, undefined, { formatters: formatters(lang, numbers) })
})

// The library's own would ask the language for numbers too, and be made anew for each message.
const formatters = kept(500, (lang, numbers): NonNullable<Options['formatters']> => {
  const plain = new Intl.NumberFormat(numbers)
  const cardinal = new Intl.PluralRules(lang)
  return {
    getNumberFormat: (_, options) => (options ? new Intl.NumberFormat(numbers, options) : plain),
    getPluralRules: (_, options) => (options?.type === 'ordinal' ? new Intl.PluralRules(lang, options) : cardinal),
    getDateTimeFormat: (_, options) => new Intl.DateTimeFormat(numbers, options),
  }
})
