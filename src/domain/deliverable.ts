// A notification as the delivery policy sees it, and the moves that the policy can decide.
import type { Priority } from './event.ts'
import type { Channel, State, WhenUnsure } from './notification.ts'
import type { QuietHours } from './quiet-hours.ts'
import type { Reason } from './reason.ts'
import type { SandboxCause } from './sandbox.ts'
import type { SupersedingEvent } from './superseding.ts'
import type { Entry } from './timeline.ts'

/** What the policy needs to know of a notification. */
export interface Deliverable {
  id: string
  channel: Channel
  to: string | null
  state: State
  priority: Priority
  whenUnsure: WhenUnsure
  /** Set if it is for the sandbox. */
  sandboxed: SandboxCause | null
  timezone: string
  quietHours: QuietHours | null
  expiresAt: Date | null
  dueAt: Date | null
  /** Attempts up to this number were made before a person asked for a retry and no longer count. */
  restartedAfter: number
  /** A call has been made since then; its jobs go ahead of those of notifications without an attempt. */
  attempted: boolean
}

/** Who made the preference by which a person does not get a message, and when. */
export interface OptOut {
  by: string
  at: Date
}

/** What must also be known before a call is made. */
export interface Sendable extends Deliverable {
  notifier: string
  /** How often it was sent again after an acceptance. */
  generation: number
  /** Why its address has been suppressed since it was planned, if it was. */
  suppressed: string | null
  /** Likewise the recipient's opt-out from its category. */
  optedOut: OptOut | null
  /** Which event has superseded it since, if one has. */
  supersededBy: SupersedingEvent | null
}

/** Which provider took it, under which of its ids, and when. */
export interface Acceptance {
  provider: string
  ref: string | null
  at: Date
}

/** A notification's new state and reason, and when it is due again. */
export interface Move {
  state: State
  reason: Reason | null
  dueAt: Date | null
  /** For the timeline: what the attempts alone do not show. */
  entry?: Entry
  /** The acceptance that makes it `sent`. */
  accepted?: Acceptance
}

/** An address that must not be sent to, why, and who reported it. */
export interface Suppression {
  channel: Channel
  address: string
  reason: string
  source: string
  at: Date
}
