// A notification as it is delivered, and the moves that it can make.
import type { Priority } from './event.ts'
import type { Channel, Message, Reason, State, WhenUnsure } from './notification.ts'
import type { QuietHours } from './quiet-hours.ts'

/** A notification as it is decided about. */
export interface Deliverable {
  id: string
  channel: Channel
  to: string | null
  state: State
  priority: Priority
  whenUnsure: WhenUnsure
  timezone: string
  quietHours: QuietHours | null
  expiresAt: Date | null
  dueAt: Date | null
  /** Attempts up to this number were before a person asked for another try. */
  restartedAfter: number
  /** A call was made since then: what follows goes before what was not begun. */
  attempted: boolean
}

/** What must be known besides before it is sent. */
export interface Sendable extends Deliverable {
  notifier: string
  /** How often it was sent anew after an acceptance. */
  generation: number
  /** Why its address must not be sent to, should that have been learned since it was planned. */
  suppressed: string | null
  /** The recipient's no to messages of its category, likewise. */
  optedOut: Reason | null
  /** What has overtaken it since, should something have. */
  superseded: Reason | null
  message: Message | null
}

/** Which provider took it, under which id of theirs, and when. */
export interface Acceptance {
  provider: string
  ref: string | null
  at: Date
}

/** A line in the timeline, where the attempts alone would not tell it. */
export interface Entry {
  what: string
  detail: string | null
}

/** The move of a notification: its new state and reason, and when somebody must look at it again. */
export interface Move {
  state: State
  reason: Reason | null
  dueAt: Date | null
  entry?: Entry
  /** By whom it is sent. */
  accepted?: Acceptance
}

/** An address that must not be written to again, and who says so. */
export interface Suppression {
  channel: Channel
  address: string
  reason: string
  source: string
  at: Date
}
