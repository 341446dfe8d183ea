// The contract of a notifier: who is notified of one kind of event, on which channels, when, and with which content.
import { createElement, type ReactElement } from 'react'
import type { z } from 'zod'
import type { Frame, UnsubscribeLinks } from '../../emails/_parts/frame.ts'
import { PlainEmail } from '../../emails/_parts/plain-email.tsx'
import { addTexts, type Texts, type Values, type Words } from '../../emails/_parts/words.ts'
import type { Priority, Recipient } from '../domain/event.ts'
import {
  type Category,
  type Channel,
  isPersonal,
  type PersonalChannel,
  type WhenUnsure,
} from '../domain/notification.ts'
import type { QuietHours } from '../domain/quiet-hours.ts'
import type { Formats } from '../i18n/formats.ts'
import type { SmsWords } from '../i18n/sms-text.ts'
import { smsWordsOf } from './_sms-words.ts'

/** An email before rendering. */
export interface Mail {
  subject: string
  element: ReactElement
}

/** What a notifier may use to decide when its message is sent. */
export interface Planning {
  receivedAt: Date
  /** The recipient's timezone, or DEFAULT_TIMEZONE. */
  timezone: string
}

/** What a message is made of: the data of a digest's parts, oldest first, or of one event alone. */
export interface Collected<Data> {
  parts: Data[]
  /** Of many parts those are the latest; this counts the others. */
  left: number
}

/** One event's data, or the list of a digest's, as what a message is made of. */
export function collected(data: unknown, left = 0): Collected<unknown> {
  return { parts: Array.isArray(data) ? data : [data], left }
}

/** Emits a later event of another type, with the same recipients, data and reference, unless it is stopped. */
export interface Timer {
  /** Counted from the receipt of the event. */
  afterMs: number
  emits: string
  stoppedBy: readonly string[]
}

export interface NotifierDefinition<Data> {
  name: string
  /** Our event types. The sample has the first. */
  on: readonly [string, ...string[]]
  category: Category
  /** Who is notified: the event's recipients, or OPERATOR_EMAIL. Default `recipients`. */
  audience?: 'recipients' | 'operator'
  /** The priority where the event has none. Default `normal`. */
  priority?: Priority
  /**
   * When the message is sent, where the event has no `sendAt`; null or a past time means at once. A pure function; local
   * times are in `planning.timezone`.
   */
  when?: (data: Data, planning: Planning) => Date | null
  /** Everything due to one person at one time is sent as one message, which gets all of the data. Requires `when`. */
  digest?: boolean
  /** When the message expires, where the event has no `expiresAt`. A pure function; overrides `expiresInMs`. */
  until?: (data: Data, planning: Planning) => Date | null
  /** How long after its planned time the message expires. Default: never. */
  expiresInMs?: number
  /**
   * Local times between which nothing is sent; a message waits for the end, even against an event's `sendAt`. Default: 21:00
   * to 08:00 for an SMS of the category `product`, as the law requires; else none.
   */
  quietHours?: Partial<Record<PersonalChannel, QuietHours | null>>
  /** Default: `hold` for SMS, else `resend`. */
  whenUnsure?: Partial<Record<Channel, WhenUnsure>>
  /**
   * Event types that supersede it: one for the same payment at any time, or a later one with the same reference. Checked
   * before each send, so that the order in which events arrive does not matter.
   */
  stoppedBy?: readonly string[]
  timer?: Timer
  data: z.ZodType<Data>
  /** An event body of the first type: `GET /v1/notifiers` shows it and previews render it. */
  sample: NoInfer<{ timestamp?: string; recipient: Recipient; data: Data; reference?: string }>
  /**
   * The variables of its messages, formatted for the recipient; `name`, `givenName` and `brand` are always present. `all` is the data
   * that a digest has collected, oldest first; `data` is the last of it.
   */
  words: (data: Data, to: Formats, all: Collected<Data>) => Values
  /** Its messages, where they do not stand in `emails/_words`. */
  texts?: Texts
  /**
   * The email's layout; its texts come from `frame.t`. `true` is the plain one, whose button leads to the value `url` of
   * `words`, if there is one.
   */
  email?: true | ((data: Data, frame: Frame, to: Formats, all: Collected<Data>) => ReactElement)
  /** Whether it has an SMS: its message `sms`, with the brand's name in front. */
  sms?: boolean
  /** Whether the event's app gets it as a signed callback, if the app has a callback URL. */
  callback?: boolean
}

/** A definition with its data type erased: it parses all data that it is given. */
export interface Notifier {
  name: string
  on: readonly [string, ...string[]]
  category: Category
  audience: 'recipients' | 'operator'
  priority: Priority
  expiresInMs: number | null
  /** `when` and `until` take data that fits the schema; null where the definition has none. */
  when: ((data: unknown, planning: Planning) => Date | null) | null
  until: ((data: unknown, planning: Planning) => Date | null) | null
  stoppedBy: readonly string[] | null
  digest: boolean
  timer: Timer | null
  channels: Channel[]
  schema: z.ZodType
  sample: {
    type: string
    timestamp?: string
    recipient: Recipient
    data: Record<string, unknown>
    reference?: string
  }
  whenUnsure(channel: Channel): WhenUnsure
  quietHours(channel: PersonalChannel): QuietHours | null
  /** The variables of its messages. Here and below, all data fits the schema. */
  values(all: Collected<unknown>, to: Formats): Values
  /** `unsubscribe`: the unsubscribe links; null for messages that are always sent. */
  email(all: Collected<unknown>, to: Formats, words: Words, unsubscribe: UnsubscribeLinks | null): Mail
  sms(all: Collected<unknown>, to: Formats, words: Words): SmsWords
}

/** No marketing texts before 08:00 or after 21:00 (in the USA: 47 CFR 64.1200(c)(1)). */
const night: QuietHours = { from: '21:00', until: '08:00' }

export function defineNotifier<Data extends Record<string, unknown>>(definition: NotifierDefinition<Data>): Notifier {
  const { email, sms, when, until, texts } = definition
  if (texts) addTexts(definition.name, texts)
  const channels = (['email', 'sms', 'callback'] as const).filter((channel) => definition[channel])
  const read = (given: Collected<unknown>): [last: Data, all: Collected<Data>] => {
    const parts = given.parts.map((one) => definition.data.parse(one))
    return [parts.at(-1) ?? definition.data.parse(undefined), { parts, left: given.left }]
  }
  const valuesOf = ([data, all]: [Data, Collected<Data>], to: Formats): Values => ({
    name: to.name,
    givenName: to.givenName,
    brand: to.brand.name,
    ...definition.words(data, to, all),
  })
  return {
    name: definition.name,
    on: definition.on,
    category: definition.category,
    audience: definition.audience ?? 'recipients',
    priority: definition.priority ?? 'normal',
    expiresInMs: definition.expiresInMs ?? null,
    when: when ? (data, planning) => when(definition.data.parse(data), planning) : null,
    until: until ? (data, planning) => until(definition.data.parse(data), planning) : null,
    stoppedBy: definition.stoppedBy ?? null,
    digest: definition.digest ?? false,
    timer: definition.timer ?? null,
    channels,
    schema: definition.data,
    sample: { type: definition.on[0], ...definition.sample },
    quietHours(channel) {
      const own = definition.quietHours?.[channel]
      return own === undefined && channel === 'sms' && definition.category === 'product' ? night : (own ?? null)
    },
    whenUnsure: (channel) => definition.whenUnsure?.[channel] ?? (channel === 'sms' ? 'hold' : 'resend'),
    values: (given, to) => valuesOf(read(given), to),
    email(given, to, words, unsubscribe) {
      if (!email) throw new Error(`${definition.name} has no email`)
      const [known, all] = read(given)
      const values = valuesOf([known, all], to)
      const t = words.with(values)
      const { lang, dir } = words
      const frame = { brand: to.brand, lang, dir, t, repliesRead: to.replyTo !== null, unsubscribe }
      const element =
        email === true ? createElement(PlainEmail, { frame, url: values.url }) : email(known, frame, to, all)
      return { subject: t.text('subject'), element }
    },
    sms(given, to, words) {
      if (!sms) throw new Error(`${definition.name} has no sms`)
      const [known, all] = read(given)
      const isOptional = (name: string) => definition.data.safeParse({ ...known, [name]: null }).success
      return smsWordsOf(valuesOf([known, all], to), words, isOptional)
    },
  }
}

/** Whether it writes to the event's recipients, whom the event must then name. */
export function isForRecipients({ audience, channels }: Notifier): boolean {
  return audience === 'recipients' && channels.some(isPersonal)
}
