// A notification: one message to one address on one channel, with the states it can be in and their moves.
import type { Channel } from './channel.ts'
import type { Priority } from './event.ts'
import type { QuietHours } from './quiet-hours.ts'
import type { Reason } from './reason.ts'
import type { SandboxCause } from './sandbox.ts'

export { type Channel, channels, isPersonal, type PersonalChannel, personalChannels } from './channel.ts'

export type Category = 'transactional' | 'product'

export const states = [
  'scheduled',
  'pending',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'unconfirmed',
  'failed',
  'suppressed',
  'expired',
  'cancelled',
  'digested',
] as const
export type State = (typeof states)[number]

/** The states that a notification can be created in. */
export const firstStates = ['scheduled', 'pending', 'failed', 'suppressed', 'expired'] as const

/** A receipt outweighs the state in which we ended a notification. */
const byReceipt = ['sent', 'delivered', 'undelivered'] as const

/** Which states can follow each state. */
export const moves: Record<State, readonly State[]> = {
  scheduled: ['pending', 'sending', 'failed', 'suppressed', 'expired', 'cancelled', 'digested'],
  pending: ['sending', ...byReceipt, 'unconfirmed', 'failed', 'suppressed', 'expired', 'cancelled'],
  sending: ['pending', 'sent', 'unconfirmed', 'failed', 'expired'],
  // To `sending`: repeating the call with the same key is one way to settle an unknown outcome.
  unconfirmed: ['pending', 'sending', ...byReceipt, 'failed', 'suppressed', 'expired'],
  // To `pending`: a person asked for a retry, or for the message to be sent again.
  sent: ['pending', 'delivered', 'undelivered'],
  // Two calls may have made two messages: if one bounces, the other counts.
  delivered: ['pending', 'sent', 'undelivered'],
  undelivered: ['pending', 'sent', 'delivered'],
  failed: ['pending', ...byReceipt],
  suppressed: ['pending', ...byReceipt],
  expired: ['pending', ...byReceipt],
  // To `scheduled` or `pending`: what stopped it was withdrawn.
  cancelled: ['scheduled', 'pending', ...byReceipt],
  digested: [],
}

/** What to do if it stays unknown whether a message was sent: risk a duplicate, or hold it for a person. */
export type WhenUnsure = 'resend' | 'hold'

/** The frozen content: every attempt sends these bytes, so the audit shows exactly what was sent. */
export type Message = EmailMessage | SmsMessage | CallbackMessage

/** Which copy was used: the version that an operator published for a locale, or, with version null, ours in a language. */
export interface CopyUsed {
  locale: string
  version: number | null
  /** Other versions that supplied what this one lacks, the nearest first. */
  rest?: { locale: string; version: number }[]
}

export interface EmailMessage {
  channel: 'email'
  words: CopyUsed
  to: string
  toName: string | null
  /** `Name <address>` or a bare address. */
  from: string
  replyTo: string | null
  subject: string
  html: string
  text: string
  /** Extra headers, already free of CR, LF and NUL. */
  headers: Record<string, string>
}

export interface SmsMessage {
  channel: 'sms'
  words: CopyUsed
  /** E.164 with its plus. */
  to: string
  text: string
  encoding: 'GSM-7' | 'UCS-2'
  segments: number
}

export interface CallbackMessage {
  channel: 'callback'
  /** The app's URL when the callback was created. The call itself uses the app's current URL and secrets. */
  to: string
  app: string
  /** The JSON that is signed and sent: `{"type", "timestamp", "data"}`. */
  text: string
}

/** Which copy the message was written with; null for a callback or no message. */
export function copyUsedBy(message: Message | null): CopyUsed | null {
  return message && message.channel !== 'callback' ? message.words : null
}

/** What a notification contributes to its digest: the person's name and its own data. */
export interface DigestPart {
  name: string | null
  data: Record<string, unknown>
}

/** What identifies a notification within its fact: notifier, channel and person. */
export function identityOf(n: { notifier: string; channel: string | null; recipientKey: string }): string {
  return JSON.stringify([n.notifier, n.channel, n.recipientKey])
}

/** Why an expected notification was not made. */
export interface Omission {
  notifier: string
  channel: string | null
  recipientKey: string
  reason: Reason
}

/** A notification of a fact, and the event that made it. */
export interface NotificationOfFact {
  notifier: string
  channel: string
  recipientKey: string
  eventId: string
}

/** A planned notification to store; `message` is null if it is not to be sent. */
export interface NewNotification {
  id: string
  notifier: string
  category: Category
  channel: Channel
  recipientId: string | null
  /** Identifies the person within one fact. */
  recipientKey: string
  to: string | null
  locale: string
  timezone: string
  reference: string | null
  state: (typeof firstStates)[number]
  reason: Reason
  priority: Priority
  whenUnsure: WhenUnsure
  /** Why it is for the sandbox, which it never leaves; null if its route carries it. */
  sandboxed: SandboxCause | null
  /** Event types that supersede it before it is sent. */
  stoppedBy: readonly string[] | null
  /** In the recipient's time zone. */
  quietHours: QuietHours | null
  scheduledFor: Date | null
  expiresAt: Date | null
  message: Message | null
  /** Set if it waits, without a message, for the digest of this key. */
  digest?: { key: string; part: DigestPart }
}
