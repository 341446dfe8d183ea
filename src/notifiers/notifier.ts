// The contract of a notifier: what one kind of event means for people. One file each, registered
// in index.ts. plan.ts calls it once for each recipient and channel, and freezes what it returns.
import type { ReactElement } from 'react'
import type { z } from 'zod'
import type { Priority, Recipient } from '../event.ts'
import type { Category, Channel, WhenUnsure } from '../notification.ts'
import type { Voice } from '../voice.ts'

/** A rendered-to-be email: its subject and its React element. */
export interface Mail {
  subject: string
  element: ReactElement
}

export interface NotifierDefinition<Data> {
  name: string
  /** Our event types; a notifier never listens to a vendor's own. */
  on: readonly [string, ...string[]]
  category: Category
  /** Where the event says nothing. Default `normal`. */
  priority?: Priority
  /** Too late to be useful after this many milliseconds. Default: none. */
  expiresInMs?: number
  /** Default: `resend` for email, `hold` for SMS. */
  whenUnsure?: Partial<Record<Channel, WhenUnsure>>
  /**
   * Types that make it stale: held back where one of them has since come of the same payment, or later of the same
   * reference. Asked before each send, so that the order in which events come does not matter.
   */
  supersededBy?: readonly string[]
  data: z.ZodType<Data>
  /** A whole event body of its first type: what `GET /v1/notifiers` shows and previews render. */
  sample: NoInfer<{ recipient: Recipient; data: Data; reference?: string }>
  email?: (data: Data, to: Voice) => Mail
  /** The words after the brand's name, which plan.ts puts first. */
  sms?: (data: Data, to: Voice) => string
}

/** A definition whose data type is known to itself only: it parses what it is given before it speaks. */
export interface Notifier {
  name: string
  on: readonly [string, ...string[]]
  category: Category
  priority: Priority
  expiresInMs: number | null
  supersededBy: readonly string[] | null
  channels: Channel[]
  schema: z.ZodType
  sample: { type: string; recipient: Recipient; data: Record<string, unknown>; reference?: string }
  whenUnsure(channel: Channel): WhenUnsure
  email(data: unknown, to: Voice): Mail
  sms(data: unknown, to: Voice): string
}

export function defineNotifier<Data extends Record<string, unknown>>(definition: NotifierDefinition<Data>): Notifier {
  const { email, sms } = definition
  const channels: Channel[] = []
  if (email) channels.push('email')
  if (sms) channels.push('sms')
  return {
    name: definition.name,
    on: definition.on,
    category: definition.category,
    priority: definition.priority ?? 'normal',
    expiresInMs: definition.expiresInMs ?? null,
    supersededBy: definition.supersededBy ?? null,
    channels,
    schema: definition.data,
    sample: { type: definition.on[0], ...definition.sample },
    whenUnsure: (channel) => definition.whenUnsure?.[channel] ?? (channel === 'email' ? 'resend' : 'hold'),
    email(data, to) {
      if (!email) throw new Error(`${definition.name} has no email`)
      return email(definition.data.parse(data), to)
    },
    sms(data, to) {
      if (!sms) throw new Error(`${definition.name} has no sms`)
      return sms(definition.data.parse(data), to)
    },
  }
}
