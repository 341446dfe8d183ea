// Validates and normalises locales and time zones.
const knownLocale = remembered((text) => Intl.getCanonicalLocales(text)[0] ?? null)
const knownTimezone = remembered((text) => {
  new Intl.DateTimeFormat('en', { timeZone: text })
  return text
})

/** The canonical BCP 47 tag (`en_gb` is `en-GB`), or null. */
export function localeOf(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 64 ? knownLocale(value.replaceAll('_', '-')) : null
}

/** The IANA name as given, or null. An offset (`+05:30`) is refused: it has no daylight saving time. */
export function timezoneOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value) ? knownTimezone(value) : null
}

/** Caches `ask`, since an Intl call takes 7 to 40 µs, too much for each of 10,000 recipients; a throw becomes null. */
function remembered(ask: (text: string) => string | null): (text: string) => string | null {
  const answers = new Map<string, string | null>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    // The texts come from outside, so the cache must be bounded.
    if (answers.size >= 2_000) answers.clear()
    const answer = orNull(() => ask(text))
    answers.set(text, answer)
    return answer
  }
}

function orNull<T>(ask: () => T): T | null {
  try {
    return ask()
  } catch {
    return null
  }
}
