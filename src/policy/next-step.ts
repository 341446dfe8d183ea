// The delivery policy: the next step from a notification's terms, route and attempts. It is pure, so that a test can walk
// every path.
import type { PastAttempt } from '../domain/attempt.ts'
import { attemptCause } from '../domain/attempt-cause.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { asSettled, endedAtMs, inDoubt, unaccounted } from './history.ts'
import { askedUntilMs, giveUp, idempotencyKeyExpired, jitter, nextInRound, type Standing } from './rounds.ts'
import type { NextStep, RouteStop, Terms } from './terms.ts'

const second = 1000
const minute = 60 * second

/** Gaps between repeats of one key while an unknown outcome is settled; the last gap repeats. */
const settleGapsMs = [2 * second, 10 * second, 30 * second, 60 * second, 2 * minute]
const settleForMs = 10 * minute
/** When to look up a lost answer, counted from the call's end; then every minute. */
const looksAtMs = [5 * second, 60 * second, 90 * second]
/** The minimum between two look-ups: a provider may list a message late, so two delayed ones must not follow at once. */
const looksApartMs = 30 * second
/** If no check was made this long before the decision (no worker, no database), one more is made. */
const finalCheckMs = 3 * minute
/** How long settling waits for an unavailable provider, up to twice as long by jitter: many messages may be waiting. */
const unavailablePatienceMs = 15 * second

/** What to do now. No attempt may be open: the caller closes a stale one as unknown first. */
export function nextStep(terms: Terms, route: RouteStop[], past: PastAttempt[], now: Date): NextStep {
  const history = past.map(asSettled)
  if (history.some((a) => a.outcome === 'accepted')) return { kind: 'stop', state: 'sent', reason: null }

  const unsure = unaccounted(history)
  const doubt = inDoubt(unsure)
  const standing = { terms, route, history, unsure, now }
  const settling = doubt && settleDoubt(standing, doubt)
  if (settling) return settling
  if (doubt && !mayGoElsewhere(terms, route, unsure)) return held(terms)
  const last = history.at(-1)
  if (last?.outcome === 'rejected' && last.blame === 'message') return giveUp('failed', rejected(last), unsure)
  if (isPast(terms.expiresAt, now)) return giveUp('expired', reason('expired'), unsure)
  if (route.length === 0) return giveUp('failed', reason('no_provider'), unsure)
  return nextInRound(standing)
}

function rejected({ provider, errorCode, suppress }: PastAttempt): Reason {
  return reason('rejected', { provider, errorCode, ...(suppress && { suppress }) })
}

/**
 * A duplicate is risked only if the notifier prefers one to silence and no call was most likely taken, and only once: after
 * a second call with an unknown outcome (repeats of a key count as one) none follows.
 */
function mayGoElsewhere(terms: Terms, route: RouteStop[], unsure: PastAttempt[]): boolean {
  const isKeyed = (provider: string) => route.some((s) => s.provider === provider && s.repeatable)
  const copies = new Set(unsure.map((a) => (isKeyed(a.provider) ? a.provider : `${a.provider} ${a.round}`)))
  return terms.whenUnsure === 'resend' && copies.size < 2 && !unsure.some((a) => a.likelyTaken)
}

/** The next step to settle an unknown outcome; null once its time is over and a last check was made near the end. */
function settleDoubt({ terms, route, history, now }: Standing, first: PastAttempt): NextStep | null {
  const decidedAt = endedAtMs(first) + settleForMs
  const stop = route.find((s) => s.provider === first.provider)
  const repeats = history.filter(
    (a) => a.provider === first.provider && a.round === first.round && a.number > first.number,
  )
  const last = repeats.at(-1) ?? first
  const unavailableUntil = now.getTime() + unavailablePatienceMs * (1 + jitter(terms.id))
  if (stop?.findable)
    return lookFor(last, decidedAt, stop.unavailable && !stop.unavailable.lookUps ? unavailableUntil : 0, now)

  const gapMs = settleGapsMs[Math.min(repeats.length, settleGapsMs.length - 1)] ?? 0
  const latestMs = Math.min(decidedAt, terms.expiresAt?.getTime() ?? decidedAt)
  const dueAt = Math.max(endedAtMs(last) + gapMs, askedUntilMs(last, latestMs))
  const repeatAt = stop?.unavailable ? Math.max(dueAt, unavailableUntil) : dueAt
  const mayRepeat =
    stop?.repeatable &&
    !idempotencyKeyExpired(stop, [first], now) &&
    !isPast(terms.expiresAt, new Date(Math.max(repeatAt, now.getTime())))
  const isOver = now.getTime() >= decidedAt
  if (isOver && (!mayRepeat || now.getTime() < repeatAt || last.startedAt.getTime() >= decidedAt - finalCheckMs))
    return null
  if (!isOver && (!mayRepeat || repeatAt >= decidedAt)) return settlingUntil(decidedAt)
  if (now.getTime() < repeatAt) return settlingUntil(repeatAt)
  return {
    kind: 'attempt',
    provider: first.provider,
    round: last.round,
    cause: attemptCause('repeat'),
  }
}

/** The next look-up or the wait for it; null once its time is over and two look-ups were made near the end. */
function lookFor(attempt: PastAttempt, decidedAt: number, unavailableUntil: number, now: Date): NextStep | null {
  const { lookUps } = attempt
  const lookedAt = lookUps.at(-1)?.at.getTime() ?? 0
  const planned = looksAtMs[lookUps.length]
  const usualAt =
    planned === undefined ? lookedAt + minute : Math.max(endedAtMs(attempt) + planned, lookedAt + looksApartMs)
  const lookAt = Math.max(usualAt, unavailableUntil)
  const isOver = now.getTime() >= decidedAt
  const finalLooks = lookUps.filter(({ at }) => at.getTime() >= decidedAt - finalCheckMs)
  if (isOver && (unavailableUntil > 0 || finalLooks.length >= 2)) return null
  if (now.getTime() >= lookAt) return { kind: 'look', attempt }
  return settlingUntil(isOver ? lookAt : Math.min(lookAt, decidedAt))
}

function settlingUntil(at: number): NextStep {
  return { kind: 'wait', until: new Date(at), state: 'unconfirmed', reason: reason('settling') }
}

function held(terms: Terms): NextStep {
  const why = terms.whenUnsure === 'hold' ? { prefersSilence: true } : {}
  return { kind: 'stop', state: 'unconfirmed', reason: reason('held', why) }
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() >= at.getTime()
}
