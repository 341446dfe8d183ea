// The Intl objects that money.ts and formats.ts speak through: slow to make, so made once for each set of options.
// Locales and timezones come from senders' data, so what Intl does not know falls back instead of throwing.

const most = 500

/** Keeps what `make` made; forgets everything when full, as the keys come from outside. */
function kept<Options extends object, Made>(make: (locale: string, options: Options) => Made) {
  const cache = new Map<string, Made>()
  return (locale: string, options: Options): Made => {
    const key = `${locale} ${JSON.stringify(options)}`
    const found = cache.get(key)
    if (found !== undefined) return found
    if (cache.size >= most) cache.clear()
    const made = make(locale, options)
    cache.set(key, made)
    return made
  }
}

export const numberFormat = kept(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(knownLocale(locale), options),
)
const dateFormat = kept(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(knownLocale(locale), options),
)

/** The locale as Intl spells it, else `fallback`: left to itself, Intl would take the machine's own. */
export function knownLocale(locale: string, fallback = 'en'): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale.replaceAll('_', '-'))[0] ?? fallback
  } catch {
    return fallback
  }
}

/**
 * The moment as the locale says it. Hindi and others end the time with a word of their own (`7:35 pm IST बजे`), which
 * makes no sense after a zone: it is left out.
 */
export function sayMoment(moment: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  const parts = dateFormat(locale, options).formatToParts(moment)
  const [zone, last] = parts.slice(-2)
  const strange = zone?.type === 'timeZoneName' && last && /^\s+\p{L}/u.test(last.value)
  const said = strange ? parts.slice(0, -1) : parts
  return said.map(({ value }) => value).join('')
}

/** The timezone where Intl knows it, else `UTC`. */
export function knownTimezone(timezone: string): string {
  return spelled(timezone, {})
}

const spelled = kept((timezone: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
})
