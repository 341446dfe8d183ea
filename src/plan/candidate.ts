// Who would get what from an event, before it is a row.
import type { Recipient } from '../domain/event.ts'
import type { NewNotification, Reason } from '../domain/notification.ts'
import type { Notifier } from '../notifiers/notifier.ts'

/** A notification without its id and its words. */
export interface Candidate {
  /** Whose event it comes from. */
  source: string
  notifier: Notifier
  recipient: Recipient
  /** What its words are made of; for an app, the event itself. Put together when asked: many share what is common. */
  data(): Record<string, unknown>
  /** All that a digest has gathered, the oldest first; `data` is the last of it. */
  gathered?: Record<string, unknown>[]
  /** When the event says that it happened. */
  happenedAt: Date | null
  planned: Omit<NewNotification, 'id' | 'message'>
}

/** A message as far as it matters for whether it may be sent. */
export type Addressed = Pick<NewNotification, 'channel' | 'to' | 'recipientId' | 'category'>

/** Why somebody must not get a message; null where they may. Asked of the recipients that it was made for. */
export type Ineligible = (about: Addressed & { to: string; source: string }) => Reason | null

export const nobodyIneligible: Ineligible = () => null
