// The delivery policy, and nothing else: from a notification's terms, its route and its whole history to what happens next.
// Pure, so that a test can walk every path of it.
import type { PastAttempt } from '../domain/attempt.ts'
import { reason } from '../domain/reason.ts'
import { asSettled, endedAtMs, inDoubt, unaccounted } from './history.ts'
import { giveUp, idempotencyKeyExpired, jitter, nextInRound, type Standing } from './rounds.ts'
import type { NextStep, RouteStop, Terms } from './terms.ts'

const second = 1000
const minute = 60 * second

/** Gaps between repeats of one key while an unknown outcome is settled; the last goes on. */
const settleGapsMs = [2 * second, 10 * second, 30 * second, 60 * second, 2 * minute]
const settleForMs = 10 * minute
/** When an answer is looked for, counted from the call's end; then every minute. */
const looksAtMs = [5 * second, 60 * second, 90 * second]
/** A message may show up late: two looks that are late themselves do not follow at once. */
const looksApartMs = 30 * second
/** What nobody asked for in the last minutes before the decision (no worker, no database) is asked for once more. */
const lastWordMs = 3 * minute
/** How long settling leaves a provider alone that is shut, at least, and up to as much again: many may be in doubt of it. */
const unavailablePatienceMs = 15 * second

/** What to do now. The caller has no attempt open: it closes a stale one as unknown before it asks. */
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
  if (last?.outcome === 'rejected' && last.blame === 'message') return giveUp('failed', 'rejected', unsure)
  if (isPast(terms.expiresAt, now)) return giveUp('expired', 'expired', unsure)
  if (route.length === 0) return giveUp('failed', 'no_provider', unsure)
  return nextInRound(standing)
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

/** How a doubt is settled; null once its time is over, and whoever can be asked was asked at its end. */
function settleDoubt({ terms, route, history, now }: Standing, first: PastAttempt): NextStep | null {
  const decidedAt = endedAtMs(first) + settleForMs
  const stop = route.find((s) => s.provider === first.provider)
  const repeats = history.filter(
    (a) => a.provider === first.provider && a.round === first.round && a.number > first.number,
  )
  const last = repeats.at(-1) ?? first
  const unavailableUntil = now.getTime() + unavailablePatienceMs * (1 + jitter(terms.id))
  if (stop?.findable) return lookFor(last, decidedAt, stop.shut && !stop.shut.looks ? unavailableUntil : 0, now)

  const gapMs = settleGapsMs[Math.min(repeats.length, settleGapsMs.length - 1)] ?? 0
  const askedAt = endedAtMs(last) + Math.max(gapMs, last.retryAfterMs ?? 0)
  const repeatAt = stop?.shut ? Math.max(askedAt, unavailableUntil) : askedAt
  const mayRepeat =
    stop?.repeatable &&
    !idempotencyKeyExpired(stop, [first], now) &&
    !isPast(terms.expiresAt, new Date(Math.max(repeatAt, now.getTime())))
  const isOver = now.getTime() >= decidedAt
  if (isOver && (!mayRepeat || now.getTime() < repeatAt || last.startedAt.getTime() >= decidedAt - lastWordMs))
    return null
  if (!isOver && (!mayRepeat || repeatAt >= decidedAt)) return settlingUntil(decidedAt)
  if (now.getTime() < repeatAt) return settlingUntil(repeatAt)
  return {
    kind: 'attempt',
    provider: first.provider,
    round: last.round,
    why: 'settles an unknown outcome by the same key',
  }
}

/** The next look for a lost answer, or the wait for it; null once its time is over and it was looked for twice at its end. */
function lookFor(attempt: PastAttempt, decidedAt: number, unavailableUntil: number, now: Date): NextStep | null {
  const { looks } = attempt
  const lookedAt = looks.at(-1)?.at.getTime() ?? 0
  const planned = looksAtMs[looks.length]
  const usualAt =
    planned === undefined ? lookedAt + minute : Math.max(endedAtMs(attempt) + planned, lookedAt + looksApartMs)
  const lookAt = Math.max(usualAt, unavailableUntil)
  const isOver = now.getTime() >= decidedAt
  const atItsEnd = looks.filter(({ at }) => at.getTime() >= decidedAt - lastWordMs)
  if (isOver && (unavailableUntil > 0 || atItsEnd.length >= 2)) return null
  if (now.getTime() >= lookAt) return { kind: 'look', attempt }
  return settlingUntil(isOver ? lookAt : Math.min(lookAt, decidedAt))
}

function settlingUntil(at: number): NextStep {
  return { kind: 'wait', until: new Date(at), state: 'unconfirmed', reason: reason('settling') }
}

function held(terms: Terms): NextStep {
  const why = terms.whenUnsure === 'hold' ? 'This notification prefers silence to a duplicate.' : undefined
  return { kind: 'stop', state: 'unconfirmed', reason: reason('held', why) }
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() >= at.getTime()
}
