// The contract of a notifier: what one kind of event means for people. One file each, registered
// in index.ts. plan.ts asks it who is told and when, compose.ts for the words, and freezes what it returns.
import type { ReactElement } from 'react'
import type { z } from 'zod'
import type { Frame, Leave } from '../../emails/_parts/frame.ts'
import type { Values, Words } from '../../emails/_parts/words.ts'
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

/** A rendered-to-be email: its subject and its React element. */
export interface Mail {
  subject: string
  element: ReactElement
}

/** What a notifier knows when it says when its message goes out. */
export interface Planning {
  receivedAt: Date
  /** The recipient's, or DEFAULT_TIMEZONE. */
  timezone: string
}

/** What follows an event by itself, where nothing stops it: another of this type, of the same people, data and reference. */
export interface Timer {
  /** Counted from when the event was received. */
  afterMs: number
  emits: string
  stoppedBy: readonly string[]
}

export interface NotifierDefinition<Data> {
  name: string
  /** Our event types, or a vendor's where we have none of our own. The first is the sample's. */
  on: readonly [string, ...string[]]
  category: Category
  /** Who is told: whom the event names, or OPERATOR_EMAIL. Default: whom the event names. */
  audience?: 'recipients' | 'operator'
  /** Where the event says nothing. Default `normal`. */
  priority?: Priority
  /**
   * When it goes out, where the event has no `sendAt`; null and what has passed already mean at once. Pure, and of this
   * person's day: see local-time.ts.
   */
  when?: (data: Data, planning: Planning) => Date | null
  /** What one person is to get at one time goes out as one message: its words get all of it. Needs a `when`. */
  digest?: boolean
  /** Too late to be useful from then on, where the event has no `expiresAt`. Pure; goes before `expiresInMs`. */
  until?: (data: Data, planning: Planning) => Date | null
  /** Too late to be useful this many milliseconds after it was to go out. Default: none. */
  expiresInMs?: number
  /**
   * When nobody may be written to, by the clock of where they live, not even by an event's `sendAt`: it waits for the end.
   * Default: 21:00 to 08:00 for an SMS of the category `product`, which the law keeps out of the night; else none.
   */
  quietHours?: Partial<Record<PersonalChannel, QuietHours | null>>
  /** Default: `hold` for SMS, else `resend`. */
  whenUnsure?: Partial<Record<Channel, WhenUnsure>>
  /**
   * Types that make it needless: held back where one of them has since come of the same payment, or later of the same
   * reference. Asked before each send, so that the order in which events come does not matter.
   */
  stoppedBy?: readonly string[]
  timer?: Timer
  data: z.ZodType<Data>
  /** A whole event body of its first type: what `GET /v1/notifiers` shows and previews render. */
  sample: NoInfer<{ timestamp?: string; recipient: Recipient; data: Data; reference?: string }>
  /**
   * What its words may name, in the person's own form; `name` and `brand` are there always. `all`: what a digest has
   * gathered, the oldest first; `data` is the last of it.
   */
  words: (data: Data, to: Formats, all: Data[]) => Values
  /** The email's layout around the words in `frame.say`. */
  email?: (data: Data, frame: Frame, to: Formats, all: Data[]) => ReactElement
  /** Whether there is a text: `sms` of its words, which the brand's name goes before. */
  sms?: boolean
  /** Whether the app whose event it is gets the event itself as a signed callback, where it has one. */
  callback?: boolean
}

/** A definition whose data type is known to itself only: it parses what it is given before it speaks. */
export interface Notifier {
  name: string
  on: readonly [string, ...string[]]
  category: Category
  audience: 'recipients' | 'operator'
  priority: Priority
  expiresInMs: number | null
  /** Both of data that fits the schema; null where the definition has none. */
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
  /** What its words may name, of data that fits the schema; here as below, of a list of it for a digest. */
  values(data: unknown, to: Formats): Values
  /** `leave`: where the person can say that they want no more; null for what is always sent. */
  email(data: unknown, to: Formats, words: Words, leave: Leave | null): Mail
  sms(data: unknown, to: Formats, words: Words): string
}

/** No texts that nobody waits for before eight and after nine (in the USA: 47 CFR 64.1200(c)(1)). */
const night: QuietHours = { from: '21:00', until: '08:00' }

export function defineNotifier<Data extends Record<string, unknown>>(definition: NotifierDefinition<Data>): Notifier {
  const { email, sms, callback, when, until } = definition
  const channels: Channel[] = []
  if (email) channels.push('email')
  if (sms) channels.push('sms')
  if (callback) channels.push('callback')
  const read = (data: unknown): [last: Data, all: Data[]] => {
    const all = (Array.isArray(data) ? data : [data]).map((one) => definition.data.parse(one))
    return [all.at(-1) ?? definition.data.parse(undefined), all]
  }
  const valuesOf = ([data, all]: [Data, Data[]], to: Formats): Values => ({
    name: to.name,
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
    values: (data, to) => valuesOf(read(data), to),
    email(data, to, words, leave) {
      if (!email) throw new Error(`${definition.name} has no email`)
      const [known, all] = read(data)
      const say = words.with(valuesOf([known, all], to))
      const { lang, dir } = words
      const frame = { brand: to.brand, lang, dir, say, repliesRead: to.replyTo !== null, leave }
      return { subject: say.text('subject'), element: email(known, frame, to, all) }
    },
    sms(data, to, words) {
      if (!sms) throw new Error(`${definition.name} has no sms`)
      return words.with(valuesOf(read(data), to)).text('sms')
    },
  }
}

/** Whether it writes to whom the event names, who then must be named. */
export function tellsRecipients({ audience, channels }: Notifier): boolean {
  return audience === 'recipients' && channels.some(isPersonal)
}
