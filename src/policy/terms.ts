// What the delivery policy is asked with, and what it answers.
import type { PastAttempt } from '../domain/attempt.ts'
import type { Reason, State, WhenUnsure } from '../domain/notification.ts'

export interface Terms {
  /** The notification's id: spreads the rounds of different notifications, the same way each time it is asked. */
  id: string
  expiresAt: Date | null
  whenUnsure: WhenUnsure
}

/** A provider of the route, in order; the first is primary. */
export interface RouteStop {
  provider: string
  /** The same key and bytes again can never send twice. */
  repeatable: boolean
  /** A lost answer can be looked for among what the provider has. */
  findable: boolean
  /**
   * Not to be called now: why (an open circuit, a pause), and when to ask again. `looks`: it may be asked for lost
   * answers all the same. What opened a circuit may be just these, and nothing else be left to close it.
   */
  shut: { until: Date; why: string; looks: boolean } | null
  /** Why its next call is a probe; null where it is not. */
  probe: string | null
}

export type NextStep =
  | { kind: 'attempt'; provider: string; round: number; why: string }
  | { kind: 'look'; attempt: PastAttempt }
  | { kind: 'wait'; until: Date; state: Extract<State, 'pending' | 'unconfirmed'>; reason: Reason }
  | { kind: 'stop'; state: Extract<State, 'sent' | 'failed' | 'expired' | 'unconfirmed'>; reason: Reason | null }
