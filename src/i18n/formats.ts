// What a notifier needs to speak to one person: their name, their locale and timezone, our brand, when it was,
// and money and dates in their own form. plan.ts makes one for each recipient.
import type { Money } from '../domain/money.ts'
import { knownLocale, knownTimezone, sayMoment } from './intl-cache.ts'
import { formatMoney, gsmMoney } from './money.ts'
import { isGsm7, smsCharacters } from './sms-text.ts'

export interface Brand {
  name: string
  /** `#rrggbb` */
  color: string
  logoUrl: string | null
  address: string | null
}

export interface Formats {
  name: string | null
  /** BCP 47, known to Intl. */
  locale: string
  /** IANA, known to Intl. */
  timezone: string
  brand: Brand
  /** Where a reply to the email goes; null where nobody reads replies. */
  replyTo: string | null
  /** When it happened, as the event has it; null where it does not say. */
  happenedAt: Date | string | null
  /** Money and dates are, in a text, of characters that every SMS alphabet has. */
  money(money: Money): string
  /** `21 November 2026`. A date without a time (`2026-11-21`) is that day everywhere. */
  date(at: Date | string): string
  /** `21 November 2026 at 10:00 GMT`. */
  dateTime(at: Date | string): string
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const
const minute = { ...day, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const

type Spoken = (at: Date | string, locale: string, options: Intl.DateTimeFormatOptions) => string

interface Listener extends Pick<Formats, 'name' | 'locale' | 'timezone' | 'brand' | 'replyTo'> {
  channel: 'email' | 'sms'
  fallbackLocale?: string
  happenedAt?: Formats['happenedAt']
}

/** Speaks to one person. A locale or timezone that Intl does not know becomes the fallback or `UTC`; nothing here throws. */
export function formatsFor(listener: Listener): Formats {
  const { name, locale, fallbackLocale, timezone, brand, replyTo, happenedAt = null, channel } = listener
  const known = knownLocale(locale, fallbackLocale)
  const zone = knownTimezone(timezone)
  const speak = channel === 'sms' ? speakPlainly : speakFully
  const date = (at: Date | string) => {
    const isDay = isCalendarDay(at)
    return speak(at, known, { ...day, timeZone: isDay ? 'UTC' : zone })
  }
  return {
    // Nor may a name turn around what stands beside it.
    name:
      name
        ?.replace(/\p{Bidi_Control}/gu, '')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim() || null,
    locale: known,
    timezone: zone,
    brand,
    replyTo,
    happenedAt,
    money: (money) => (channel === 'sms' ? gsmMoney(money, known) : formatMoney(money, known)),
    date,
    dateTime: (at) => (isCalendarDay(at) ? date(at) : speak(at, known, { ...minute, timeZone: zone })),
  }
}

const speakFully: Spoken = (at, locale, options) => {
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? String(at) : sayMoment(moment, locale, options)
}

/** In words where every SMS alphabet has them, else in figures: `28/11/2026` for `28 नवंबर 2026`. */
const speakPlainly: Spoken = (at, locale, options) => {
  const figures = { ...options, day: '2-digit', month: '2-digit', numberingSystem: 'latn' } as const
  const forms = [speakFully(at, locale, options), speakFully(at, locale, figures)].map(smsCharacters)
  return forms.find(isGsm7) ?? smsCharacters(speakFully(at, 'en', options))
}

/** `2026-11-21` names a day, not the moment it begins in London: it must not become the 20th in New York. */
function isCalendarDay(at: Date | string): boolean {
  return typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at)
}
