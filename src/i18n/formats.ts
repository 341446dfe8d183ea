// What a notifier needs to address one recipient: name, locale, timezone, brand, and formats for money and dates.
import type { Money } from '../domain/money.ts'
import type { PersonalChannel } from '../domain/notification.ts'
import { givenNameOf } from './given-name.ts'
import { isGsm7, smsCharacters } from './gsm7.ts'
import { formatMoment, knownLocale, knownTimezone, wholeNumberFormat } from './intl-cache.ts'
import { atLocalTime } from './local-time.ts'
import { formatMoney, gsmMoney } from './money.ts'
import { writtenLocales } from './written-locale.ts'

export interface Brand {
  name: string
  /** `#rrggbb` */
  color: string
  logoUrl: string | null
  address: string | null
}

export interface Formats {
  name: string | null
  /** The name to greet by: the given name where it is certain, else the whole one; null where the text is no name. */
  givenName: string | null
  /** BCP 47, known to Intl. */
  locale: string
  /** IANA, known to Intl. */
  timezone: string
  brand: Brand
  /** The address that replies to the email go to; null where nobody reads replies. */
  replyTo: string | null
  /** The event's own time; null where it has none. */
  happenedAt: Date | string | null
  /** Whether a deadline is over when the message is written. A date without a time is over once that day is, where they are. */
  isOver(at: Date | string): boolean
  /** For SMS, money and dates use only characters that every SMS alphabet has. */
  money(money: Money): string
  number(value: number): string
  /** `21 November 2026`. A date without a time (`2026-11-21`) is that day everywhere. */
  date(at: Date | string): string
  /** `21 November 2026 at 10:00 GMT`. */
  dateTime(at: Date | string): string
}

const day = { day: 'numeric', month: 'long', year: 'numeric' } as const
const minute = { ...day, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const

type FormatDate = (at: Date | string, locale: string, options: Intl.DateTimeFormatOptions) => string

interface FormatsOptions extends Pick<Formats, 'name' | 'locale' | 'timezone' | 'brand' | 'replyTo'> {
  channel: PersonalChannel
  /** The language of the words around it. Default: the recipient's own. */
  language?: string
  fallbackLocale?: string
  happenedAt?: Formats['happenedAt']
  /** When the message is written. Without it, as in a preview, no deadline is over. */
  writtenAt?: Date | null
}

/** The formats for one recipient. A locale or timezone unknown to Intl becomes the fallback or `UTC`; nothing here throws. */
export function formatsFor(options: FormatsOptions): Formats {
  const {
    name,
    locale,
    fallbackLocale,
    timezone,
    brand,
    replyTo,
    happenedAt = null,
    writtenAt = null,
    channel,
  } = options
  const known = knownLocale(locale, fallbackLocale)
  const written = writtenLocales(known, options.language ?? known, fallbackLocale ?? 'en')
  const zone = knownTimezone(timezone)
  const format = channel === 'sms' ? formatForSms : formatInFull
  const date = (at: Date | string) => {
    const isDay = isCalendarDay(at)
    return format(at, written.dates, { ...day, timeZone: isDay ? 'UTC' : zone })
  }
  // Without bidirectional controls, which would reorder the text around the name.
  const shown =
    name
      ?.replace(/\p{Bidi_Control}/gu, '')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim() || null
  return {
    name: shown,
    givenName: shown && givenNameOf(shown, known),
    locale: known,
    timezone: zone,
    brand,
    replyTo,
    happenedAt,
    isOver: (at) =>
      writtenAt !== null && (isCalendarDay(at) ? atLocalTime(at, '00:00', zone, 1) : new Date(at)) <= writtenAt,
    money: (money) => (channel === 'sms' ? gsmMoney : formatMoney)(money, written.numbers),
    number: (value) => wholeNumberFormat(written.numbers).format(value),
    date,
    dateTime: (at) => (isCalendarDay(at) ? date(at) : format(at, written.dates, { ...minute, timeZone: zone })),
  }
}

const formatInFull: FormatDate = (at, locale, options) => {
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? String(at) : formatMoment(moment, locale, options)
}

/** With the month's name where GSM-7 has its letters, else in figures: `28/11/2026` for `28 नवंबर 2026`. */
const formatForSms: FormatDate = (at, locale, options) => {
  const figures = { ...options, day: '2-digit', month: '2-digit', numberingSystem: 'latn' } as const
  const forms = [formatInFull(at, locale, options), formatInFull(at, locale, figures)].map(smsCharacters)
  return forms.find(isGsm7) ?? smsCharacters(formatInFull(at, 'en', options))
}

/** `2026-11-21` is a calendar day, not midnight UTC: it must not become the 20th in New York. */
function isCalendarDay(at: Date | string): boolean {
  return typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at)
}
