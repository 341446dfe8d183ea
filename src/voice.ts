// What a notifier needs to speak to one person: their name, their locale and timezone, our brand,
// and money and dates in their own form. plan.ts makes one for each recipient.
import { knownLocale, knownTimezone, sayMoment } from './intl.ts'
import { formatMoney, gsmMoney } from './money.ts'

/** An amount in the currency's smallest unit, as Stripe has it: `{ amount: 4999, currency: 'eur' }`. */
export interface Money {
  amount: number
  currency: string
}

export interface Brand {
  name: string
  /** `#rrggbb` */
  color: string
  logoUrl: string | null
  address: string | null
}

export interface Voice {
  name: string | null
  /** BCP 47, known to Intl. */
  locale: string
  /** IANA, known to Intl. */
  timezone: string
  brand: Brand
  /** Where a reply to the email goes; null where nobody reads replies. */
  replyTo: string | null
  /** In a text, with characters that every SMS alphabet has. */
  money(money: Money): string
  /** `21 November 2026`. A date without a time (`2026-11-21`) is that day everywhere. */
  date(at: Date | string): string
  /** `21 November 2026 at 10:00 GMT`. */
  dateTime(at: Date | string): string
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const
const minute = { ...day, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const

type Listener = Pick<Voice, 'name' | 'locale' | 'timezone' | 'brand' | 'replyTo'> & {
  channel: 'email' | 'sms'
  fallbackLocale?: string
}

/** Speaks to one person. A locale or timezone that Intl does not know becomes the fallback or `UTC`; nothing here throws. */
export function voiceFor({ name, locale, fallbackLocale, timezone, brand, replyTo, channel }: Listener): Voice {
  const known = knownLocale(locale, fallbackLocale)
  const zone = knownTimezone(timezone)
  const date = (at: Date | string) => {
    const isDay = isCalendarDay(at)
    return speak(at, known, { ...day, timeZone: isDay ? 'UTC' : zone })
  }
  return {
    name: name?.replace(/[\s\p{Cc}]+/gu, ' ').trim() || null,
    locale: known,
    timezone: zone,
    brand,
    replyTo,
    money: (money) => (channel === 'sms' ? gsmMoney(money, known) : formatMoney(money, known)),
    date,
    dateTime: (at) => (isCalendarDay(at) ? date(at) : speak(at, known, { ...minute, timeZone: zone })),
  }
}

function speak(at: Date | string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? String(at) : sayMoment(moment, locale, options)
}

/** `2026-11-21` names a day, not the moment it begins in London: it must not become the 20th in New York. */
function isCalendarDay(at: Date | string): boolean {
  return typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at)
}
