// The delivery policy, and nothing else: from a notification's terms, its route and its whole
// history to what happens next. Pure, so that test/next-step.test.ts can walk every path of it.
// deliver.ts asks before a call and record.ts after it; both do what it says in their transaction.
import type { PastAttempt } from './attempt.ts'
import { asSettled, endedAtMs, inDoubt, unaccounted } from './history.ts'
import type { Reason, State, WhenUnsure } from './notification.ts'
import { type ReasonCode, reason } from './reason.ts'

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
}

export type NextStep =
  | { kind: 'attempt'; provider: string; round: number; why: string }
  | { kind: 'look'; attempt: PastAttempt }
  | { kind: 'wait'; until: Date; state: Extract<State, 'pending' | 'unconfirmed'>; reason: Reason }
  | { kind: 'stop'; state: Extract<State, 'sent' | 'failed' | 'expired' | 'unconfirmed'>; reason: Reason | null }

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const maxRounds = 10
const firstRoundWaitMs = 60 * second
const giveUpAfterMs = 24 * hour
/** Gaps between repeats of one key while an unknown outcome is settled; the last goes on. */
const settleGapsMs = [2 * second, 10 * second, 30 * second, 60 * second, 2 * minute]
const settleForMs = 10 * minute
/** When an answer is looked for, counted from the call's end; then every minute. */
const looksAtMs = [5 * second, 60 * second, 90 * second]
/** Resend forgets a key after 24 h, and then the same key would send again. */
const keyLivesMs = 20 * hour

/** What to do now. The caller has no attempt open: it closes a stale one as unknown before it asks. */
export function nextStep(terms: Terms, route: RouteStop[], past: PastAttempt[], now: Date): NextStep {
  const history = past.map(asSettled)
  if (history.some((a) => a.outcome === 'accepted')) return { kind: 'stop', state: 'sent', reason: null }

  const unsure = unaccounted(history)
  const doubt = inDoubt(unsure)
  if (doubt && now.getTime() < endedAtMs(doubt) + settleForMs) return settle(terms, route, history, doubt, now)
  if (doubt && !mayGoElsewhere(terms, unsure)) return held(terms)
  const last = history.at(-1)
  if (last?.outcome === 'rejected' && last.blame === 'message') return over('failed', 'rejected', unsure)
  if (isPast(terms.expiresAt, now)) return over('expired', 'expired', unsure)
  if (route.length === 0) return over('failed', 'no_provider', unsure)
  return walk(terms, route, history, unsure, now)
}

/** A duplicate is better than silence only for who says so, and never where it was most likely taken. */
function mayGoElsewhere(terms: Terms, unsure: PastAttempt[]): boolean {
  return terms.whenUnsure === 'resend' && !unsure.some((a) => a.likelyTaken)
}

function settle(terms: Terms, route: RouteStop[], history: PastAttempt[], first: PastAttempt, now: Date): NextStep {
  const decidedAt = endedAtMs(first) + settleForMs
  const stop = route.find((s) => s.provider === first.provider)
  const repeats = history.filter(
    (a) => a.provider === first.provider && a.round === first.round && a.number > first.number,
  )
  const last = repeats.at(-1) ?? first
  const gapMs = settleGapsMs[Math.min(repeats.length, settleGapsMs.length - 1)] ?? 0
  const repeatAt = endedAtMs(last) + Math.max(gapMs, last.retryAfterMs ?? 0)
  if (stop?.findable) return lookFor(last, decidedAt, now)
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
function lookFor(attempt: PastAttempt, decidedAt: number, now: Date): NextStep {
  const done = attempt.looks.length
  const planned = looksAtMs[done]
  const lookAt =
    planned === undefined ? (attempt.looks.at(-1)?.at.getTime() ?? 0) + minute : endedAtMs(attempt) + planned
  if (now.getTime() >= lookAt) return { kind: 'look', attempt }
  const until = new Date(Math.min(lookAt, decidedAt))
  return { kind: 'wait', until, state: 'unconfirmed', reason: reason('settling') }
}

function held(terms: Terms): NextStep {
  const why = terms.whenUnsure === 'hold' ? 'This notification prefers silence to a duplicate.' : undefined
  return { kind: 'stop', state: 'unconfirmed', reason: reason('held', why) }
}

/** The end without an acceptance; never called `failed` or `expired` while an attempt may have been taken. */
function over(state: 'failed' | 'expired', code: ReasonCode, unsure: PastAttempt[]): NextStep {
  if (unsure.length > 0) return { kind: 'stop', state: 'unconfirmed', reason: reason('held') }
  return { kind: 'stop', state, reason: reason(code) }
}

/** The rounds: along the route at once, then a wait that doubles, then along it again. */
function walk(terms: Terms, route: RouteStop[], history: PastAttempt[], unsure: PastAttempt[], now: Date): NextStep {
  const usable = route.filter((s) => !keyIsOld(s, unsure, now))
  if (usable.length === 0) return over('failed', 'tries_used_up', unsure)
  const first = history[0]
  const last = history.at(-1)
  if (!first || !last) return attempt(usable, [], 1, history, now) ?? over('failed', 'no_provider', unsure)

  const inRound = history.filter((a) => a.round === last.round)
  const onward = attempt(usable, inRound, last.round, history, now)
  if (onward) return onward

  if (last.round >= maxRounds) return over('failed', 'tries_used_up', unsure)
  const roundAt = endedAtMs(last) + roundWaitMs(terms.id, last.round)
  const freeAt = Math.min(...usable.map((s) => freeAtMs(s, history)))
  const at = Math.max(roundAt, freeAt)
  if (at > first.startedAt.getTime() + giveUpAfterMs) return over('failed', 'tries_used_up', unsure)
  if (now.getTime() >= at) {
    const next = attempt(usable, [], last.round + 1, history, now)
    if (next) return next
  }
  const until = terms.expiresAt && terms.expiresAt.getTime() < at ? terms.expiresAt : new Date(at)
  const code = freeAt > roundAt ? 'provider_asked_to_wait' : 'next_round'
  return { kind: 'wait', until, state: 'pending', reason: reason(code) }
}

/** The first provider of the route that this round has not tried yet and that did not ask for a pause. */
function attempt(
  route: RouteStop[],
  inRound: PastAttempt[],
  round: number,
  history: PastAttempt[],
  now: Date,
): NextStep | null {
  const tried = new Set(inRound.map((a) => a.provider))
  const stop = route.find((s) => !tried.has(s.provider) && freeAtMs(s, history) <= now.getTime())
  if (!stop) return null
  const before = inRound.at(-1)
  const why = before
    ? `fallback: ${before.provider} ${before.outcome === 'unknown' ? 'left it unknown and a duplicate is preferred to silence' : 'did not take it'}`
    : stop === route[0]
      ? 'primary'
      : 'the providers before it asked for a pause'
  return { kind: 'attempt', provider: stop.provider, round, why }
}

/** When a provider that asked for a pause may be called again. */
function freeAtMs(stop: RouteStop, history: PastAttempt[]): number {
  const last = history.findLast((a) => a.provider === stop.provider)
  if (!last?.retryAfterMs) return 0
  return endedAtMs(last) + last.retryAfterMs
}

/** A provider that may hold this message under a key it is about to forget must not get it again. */
function keyIsOld(stop: RouteStop, unsure: PastAttempt[], now: Date): boolean {
  const first = unsure.find((a) => a.provider === stop.provider)
  return stop.repeatable && first !== undefined && now.getTime() > first.startedAt.getTime() + keyLivesMs
}

/** 60, 120, 240 s and on, up to a tenth more, so that what failed together does not come back together. */
function roundWaitMs(id: string, round: number): number {
  const wait = firstRoundWaitMs * 2 ** (round - 1)
  return Math.round(wait * (1 + spread(`${id}:${round}`) / 10))
}

/** A stable number in [0, 1) from a text (FNV-1a): jitter that gives the same answer when asked twice. */
function spread(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash / 2 ** 32
}

function isPast(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() >= at.getTime()
}
