// The delivery policy, and nothing else: from a notification's terms, its route and its whole
// history to what happens next. Pure, so that test/next-step.test.ts can walk every path of it.
// decide.ts asks it: before and after a call for deliver.ts, and once a doubt is settled for record.ts and settle.ts.
import type { PastAttempt } from './attempt.ts'
import { asSettled, endedAtMs, inDoubt, unaccounted } from './history.ts'
import type { Reason, State, WhenUnsure } from './notification.ts'
import { reason } from './reason.ts'
import { over, spread, walk } from './rounds.ts'

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
  /** Not to be called now: why (an open circuit, a pause), and when to ask again. */
  shut: { until: Date; why: string } | null
  /** Why its next call is a probe; null where it is not. */
  probe: string | null
}

export type NextStep =
  | { kind: 'attempt'; provider: string; round: number; why: string }
  | { kind: 'look'; attempt: PastAttempt }
  | { kind: 'wait'; until: Date; state: Extract<State, 'pending' | 'unconfirmed'>; reason: Reason }
  | { kind: 'stop'; state: Extract<State, 'sent' | 'failed' | 'expired' | 'unconfirmed'>; reason: Reason | null }

const second = 1000
const minute = 60 * second

/** Gaps between repeats of one key while an unknown outcome is settled; the last goes on. */
const settleGapsMs = [2 * second, 10 * second, 30 * second, 60 * second, 2 * minute]
const settleForMs = 10 * minute
/** When an answer is looked for, counted from the call's end; then every minute. */
const looksAtMs = [5 * second, 60 * second, 90 * second]
/** How long settling leaves a provider alone that is shut, at least, and up to as much again: many may be in doubt of it. */
const shutPatienceMs = 15 * second

/** What to do now. The caller has no attempt open: it closes a stale one as unknown before it asks. */
export function nextStep(terms: Terms, route: RouteStop[], past: PastAttempt[], now: Date): NextStep {
  const history = past.map(asSettled)
  if (history.some((a) => a.outcome === 'accepted')) return { kind: 'stop', state: 'sent', reason: null }

  const unsure = unaccounted(history)
  const doubt = inDoubt(unsure)
  if (doubt && now.getTime() < endedAtMs(doubt) + settleForMs) return settle(terms, route, history, doubt, now)
  if (doubt && !mayGoElsewhere(terms, route, unsure)) return held(terms)
  const last = history.at(-1)
  if (last?.outcome === 'rejected' && last.blame === 'message') return over('failed', 'rejected', unsure)
  if (isPast(terms.expiresAt, now)) return over('expired', 'expired', unsure)
  if (route.length === 0) return over('failed', 'no_provider', unsure)
  return walk(terms, route, history, unsure, now)
}

/**
 * A duplicate is better than silence only for who says so, never where it was most likely taken, and one is enough:
 * a second call in doubt (repeats of a key count as one) is the last.
 */
function mayGoElsewhere(terms: Terms, route: RouteStop[], unsure: PastAttempt[]): boolean {
  const isKeyed = (provider: string) => route.some((s) => s.provider === provider && s.repeatable)
  const copies = new Set(unsure.map((a) => (isKeyed(a.provider) ? a.provider : `${a.provider} ${a.round}`)))
  return terms.whenUnsure === 'resend' && copies.size < 2 && !unsure.some((a) => a.likelyTaken)
}

function settle(terms: Terms, route: RouteStop[], history: PastAttempt[], first: PastAttempt, now: Date): NextStep {
  const decidedAt = endedAtMs(first) + settleForMs
  const stop = route.find((s) => s.provider === first.provider)
  const repeats = history.filter(
    (a) => a.provider === first.provider && a.round === first.round && a.number > first.number,
  )
  const last = repeats.at(-1) ?? first
  const gapMs = settleGapsMs[Math.min(repeats.length, settleGapsMs.length - 1)] ?? 0
  const shutUntil = stop?.shut ? now.getTime() + shutPatienceMs * (1 + spread(terms.id)) : 0
  // A look-up is no proof of a send: it leaves the probe to a message.
  if (stop?.findable) return lookFor(last, decidedAt, stop.probe ? now.getTime() + shutPatienceMs : shutUntil, now)
  const repeatAt = Math.max(endedAtMs(last) + Math.max(gapMs, last.retryAfterMs ?? 0), shutUntil)
  if (!stop?.repeatable || repeatAt >= decidedAt || isPast(terms.expiresAt, new Date(repeatAt)))
    return { kind: 'wait', until: new Date(decidedAt), state: 'unconfirmed', reason: reason('settling') }
  if (now.getTime() < repeatAt)
    return { kind: 'wait', until: new Date(repeatAt), state: 'unconfirmed', reason: reason('settling') }
  return {
    kind: 'attempt',
    provider: first.provider,
    round: last.round,
    why: 'settles an unknown outcome by the same key',
  }
}

/** The next look for a lost answer, or the wait for it. */
function lookFor(attempt: PastAttempt, decidedAt: number, shutUntil: number, now: Date): NextStep {
  const done = attempt.looks.length
  const planned = looksAtMs[done]
  const usualAt =
    planned === undefined ? (attempt.looks.at(-1)?.at.getTime() ?? 0) + minute : endedAtMs(attempt) + planned
  const lookAt = Math.max(usualAt, shutUntil)
  if (now.getTime() >= lookAt) return { kind: 'look', attempt }
  const until = new Date(Math.min(lookAt, decidedAt))
  return { kind: 'wait', until, state: 'unconfirmed', reason: reason('settling') }
}

function held(terms: Terms): NextStep {
  const why = terms.whenUnsure === 'hold' ? 'This notification prefers silence to a duplicate.' : undefined
  return { kind: 'stop', state: 'unconfirmed', reason: reason('held', why) }
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() >= at.getTime()
}
