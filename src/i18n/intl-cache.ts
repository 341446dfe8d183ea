// Intl formatters, kept because they are slow to create. Locales and timezones come from senders' data, so one that Intl
// does not know falls back instead of throwing.
import { memo } from '../domain/memo.ts'

/** For what is asked by locale, time zone and the like. */
export const mostLocales = 500

export const wholeNumberFormat = memo(mostLocales, (locale: string) => new Intl.NumberFormat(knownLocale(locale)))

const dateFormat = memo(
  mostLocales,
  (locale: string, options: string) => new Intl.DateTimeFormat(knownLocale(locale), JSON.parse(options)),
)

/** The locale as Intl spells it, else `fallback`: Intl's own fallback would be the machine's locale. */
export function knownLocale(locale: string, fallback = 'en'): string {
  return spelled(locale) ?? fallback
}

const spelled = memo(mostLocales, (locale: string): string | null => {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale.replaceAll('_', '-'))[0] ?? null
  } catch {
    return null
  }
})

/**
 * The moment in the locale's form. Hindi and some others end the time with a word (`7:35 pm IST बजे`), which is wrong after a
 * timezone and is dropped; `GMT+0` is `GMT`.
 */
export function formatMoment(moment: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  const parts = dateFormat(locale, JSON.stringify(options)).formatToParts(moment)
  const [zone, last] = parts.slice(-2)
  const hasTrailingWord = zone?.type === 'timeZoneName' && last && /^\s+\p{L}/u.test(last.value)
  const shown = hasTrailingWord ? parts.slice(0, -1) : parts
  return shown.map(({ type, value }) => (type === 'timeZoneName' ? value.replace(/^GMT\+0$/, 'GMT') : value)).join('')
}

/** The timezone where Intl knows it, else `UTC`. */
export const knownTimezone = memo(mostLocales, (timezone: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
})
