// The inputs and the results of the delivery policy.
import type { PastAttempt } from '../domain/attempt.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import type { State, WhenUnsure } from '../domain/notification.ts'
import type { Reason } from '../domain/reason.ts'
import type { Unavailability } from '../domain/unavailable.ts'

export interface Terms {
  /** The notification's id, from which its jitter is derived. */
  id: string
  expiresAt: Date | null
  whenUnsure: WhenUnsure
}

/** A provider of the route, in order; the first is primary. */
export interface RouteStop {
  provider: string
  /** A repeat with the same key and bytes never sends twice. */
  repeatable: boolean
  /** The provider can be asked for a message whose answer was lost. */
  findable: boolean
  /**
   * Why it is unavailable (an open circuit, a pause), and when to check again. `lookUps`: look-ups are still allowed, because
   * the calls that opened the circuit may be the only messages there are, and a probe follows only once they are settled.
   */
  unavailable: { until: Date; cause: Unavailability; lookUps: boolean } | null
  /** Why its next call is a probe; null if it is not. */
  probe: Unavailability | null
}

export type NextStep =
  | { kind: 'attempt'; provider: string; round: number; cause: AttemptCause }
  | { kind: 'look'; attempt: PastAttempt }
  | { kind: 'wait'; until: Date; state: Extract<State, 'pending' | 'unconfirmed'>; reason: Reason }
  | { kind: 'stop'; state: Extract<State, 'sent' | 'failed' | 'expired' | 'unconfirmed'>; reason: Reason | null }
