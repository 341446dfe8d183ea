// A notification is one message to one address on one channel, and it has a state.
// plan.ts and digest.ts make them; deliver.ts, record.ts and what people ask for (retry, cancel, settle, replay) move
// them, always by a guarded statement.

import type { Priority } from './event.ts'
import type { QuietHours } from './quiet-hours.ts'

/** The channels to people; `callback` is the one to the apps whose events we handle. */
export const personalChannels = ['email', 'sms'] as const
export type PersonalChannel = (typeof personalChannels)[number]
export const channels = [...personalChannels, 'callback'] as const
export type Channel = (typeof channels)[number]

export function isPersonal(channel: Channel): channel is PersonalChannel {
  return channel !== 'callback'
}

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

/** The states that a notification can be made in. */
export const firstStates = ['scheduled', 'pending', 'failed', 'suppressed', 'expired'] as const

/** A provider's word on a message outweighs what we have ended it as. */
const byReceipt = ['sent', 'delivered', 'undelivered'] as const

/** Which states can follow each, whoever moves it. */
export const moves: Record<State, readonly State[]> = {
  scheduled: ['pending', 'sending', 'failed', 'suppressed', 'expired', 'cancelled', 'digested'],
  pending: ['sending', ...byReceipt, 'unconfirmed', 'failed', 'suppressed', 'expired', 'cancelled'],
  sending: ['pending', 'sent', 'unconfirmed', 'failed', 'expired'],
  // The same call again, which its key makes safe, is one way to settle the doubt.
  unconfirmed: ['pending', 'sending', ...byReceipt, 'failed', 'suppressed', 'expired'],
  // Back to pending: a person asked for another try, or for another message.
  sent: ['pending', 'delivered', 'undelivered'],
  // Two calls can have made two messages: where one of them bounces after all, the other counts.
  delivered: ['pending', 'sent', 'undelivered'],
  undelivered: ['pending', 'sent', 'delivered'],
  failed: ['pending', ...byReceipt],
  suppressed: ['pending', ...byReceipt],
  expired: ['pending', ...byReceipt],
  cancelled: byReceipt,
  digested: [],
}

/** What to do when nobody can say whether a message went out: risk a duplicate, or hold it for a person. */
export type WhenUnsure = 'resend' | 'hold'

/** The frozen content: every attempt sends these bytes, and the audit can say exactly what was sent. */
export type Message = EmailMessage | SmsMessage | CallbackMessage

/** Whose words were said: the version that an operator published for a locale, else ours in a language, version null. */
export interface WordsUsed {
  locale: string
  version: number | null
  /** Further versions that had what this one leaves out, the nearest first. */
  rest?: { locale: string; version: number }[]
}

export interface EmailMessage {
  channel: 'email'
  words: WordsUsed
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
  words: WordsUsed
  /** E.164 with its plus. */
  to: string
  text: string
  encoding: 'GSM-7' | 'UCS-2'
  segments: number
}

export interface CallbackMessage {
  channel: 'callback'
  /** The app's URL when this was made. It is called at the one that it has by then, with its secrets of then. */
  to: string
  app: string
  /** The JSON that is signed and sent: `{"type", "timestamp", "data"}`. */
  text: string
}

export interface Reason {
  code: string
  text: string
}

/** Null where it has no words of ours: a callback, or nothing at all. */
export function wordsOf(message: Message | null): WordsUsed | null {
  return message && message.channel !== 'callback' ? message.words : null
}

/** What a part brings to its digest: the person's name, and data of its own. */
export interface DigestPart {
  name: string | null
  data: Record<string, unknown>
}

/** What tells the notifications of one fact apart: the same message, on the same channel, to the same person. */
export function identityOf(n: { notifier: string; channel: string | null; recipientKey: string }): string {
  return JSON.stringify([n.notifier, n.channel, n.recipientKey])
}

/** A notification that was not made, though one would have looked for it. */
export interface Omission {
  notifier: string
  channel: string | null
  recipientKey: string
  reason: Reason
}

/** A notification of a fact, and the event that made it. */
export interface ToldNotification {
  notifier: string
  channel: string
  recipientKey: string
  eventId: string
}

/** A notification to be stored by plan.ts; `message` is null where it is not to be sent. */
export interface NewNotification {
  id: string
  notifier: string
  category: Category
  channel: Channel
  recipientId: string | null
  /** What makes it the same message to the same person within one fact; see recipient-key.ts. */
  recipientKey: string
  to: string | null
  locale: string
  timezone: string
  reference: string | null
  state: (typeof firstStates)[number]
  reason: Reason
  priority: Priority
  whenUnsure: WhenUnsure
  /** Event types that make it needless before it is sent. */
  stoppedBy: readonly string[] | null
  /** When it must not go out, where the recipient lives. */
  quietHours: QuietHours | null
  scheduledFor: Date | null
  expiresAt: Date | null
  message: Message | null
  /** It waits without words, as part of the digest of this key: what it brings to it. */
  digest?: { key: string; part: DigestPart }
}
