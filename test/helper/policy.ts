// Inputs of the delivery policy, built without a database: a notification, its attempts and its route.
import type { PastAttempt } from '../../src/domain/attempt.ts'
import type { Sendable } from '../../src/domain/deliverable.ts'
import type { Unavailability } from '../../src/domain/unavailable.ts'
import type { RouteStop } from '../../src/policy/terms.ts'

export const start = new Date('2026-11-21T10:00:00Z')
export const after = (ms: number) => new Date(start.getTime() + ms)

/** An SMS that is due at `start`. */
export function notification(more: Partial<Sendable> = {}): Sendable {
  return {
    ...{ id: 'n-1', channel: 'sms', to: '+14155550100', state: 'pending', priority: 'normal', whenUnsure: 'resend' },
    ...{ timezone: 'UTC', quietHours: null, expiresAt: null, dueAt: start, restartedAfter: 0, attempted: false },
    ...{
      notifier: 'order-shipped',
      generation: 0,
      sandboxed: null,
      suppressed: null,
      optedOut: null,
      supersededBy: null,
    },
    ...more,
  }
}

/** The first call to the provider `first`, open since `start`. */
export function attempt(more: Partial<PastAttempt> = {}): PastAttempt {
  return {
    ...{ id: `a-${more.number ?? 1}`, number: 1, round: 1, provider: 'first', outcome: null, errorCode: null },
    ...{ blame: null, likelyTaken: false, retryAfterMs: null, ref: null, startedAt: start, endedAt: null },
    ...{ verdict: null, lookUps: [], ...more },
  }
}

/** An attempt whose answer was lost. */
export function lost(more: Partial<PastAttempt> = {}): PastAttempt {
  return attempt({ outcome: 'unknown', errorCode: 'timeout', endedAt: after(100), ...more })
}

export function stop(provider: string, more: Partial<RouteStop> = {}): RouteStop {
  return { provider, repeatable: false, findable: false, unavailable: null, probe: null, ...more }
}

export const failing: Unavailability = { kind: 'circuit_open', cause: { kind: 'failures_in_row', failures: 5 } }

export const route: RouteStop[] = [stop('first'), stop('second')]
