// A candidate: who would get what from an event, before it is stored as a notification.
import type { Recipient } from '../domain/event.ts'
import type { NewNotification } from '../domain/notification.ts'
import type { Collected, Notifier } from '../notifiers/notifier.ts'

/** A notification without its id and message. */
export interface Candidate {
  /** The source of its event. */
  source: string
  notifier: Notifier
  recipient: Recipient
  /** The data of its message; for a callback, the event itself. Merged on each call, as many candidates share the common data. */
  data(): Record<string, unknown>
  /** The data of a digest's parts; `data` is that of the last. */
  gathered?: Collected<unknown>
  /** When the event occurred, by its own timestamp. */
  happenedAt: Date | null
  planned: Omit<NewNotification, 'id' | 'message'>
}
