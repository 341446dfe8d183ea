// The rounds of the delivery policy: each calls the providers of the route in order, with a doubling wait between rounds
// and unavailable providers skipped.
import type { PastAttempt } from '../domain/attempt.ts'
import { type AttemptCause, attemptCause } from '../domain/attempt-cause.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { endedAtMs } from './history.ts'
import type { NextStep, RouteStop, Terms } from './terms.ts'

const minute = 60_000
const hour = 60 * minute

export const maxRounds = 10
const firstRoundWaitMs = minute
export const giveUpAfterMs = 24 * hour
/** A call that waits as long as its provider asked begins this long before it would be too late. */
const spareMs = minute / 2
/** Providers may forget an idempotency key after 24 h, and then the same key would send again. */
const keyLivesMs = 20 * hour

/** A notification's terms, its route, its attempts, and those with an unknown outcome. */
export interface Standing {
  terms: Terms
  route: RouteStop[]
  history: PastAttempt[]
  unsure: PastAttempt[]
  now: Date
}

/** Ends a notification without an acceptance: as `unconfirmed`, not `failed` or `expired`, if an attempt may have been taken. */
export function giveUp(state: 'failed' | 'expired', why: Reason, unsure: PastAttempt[]): NextStep {
  if (unsure.length > 0) return { kind: 'stop', state: 'unconfirmed', reason: reason('held') }
  return { kind: 'stop', state, reason: why }
}

/** The next attempt of the round, the wait for the next round, or the end. */
export function nextInRound(standing: Standing): NextStep {
  const { terms, history, unsure, now } = standing
  const usable = standing.route.filter((s) => !idempotencyKeyExpired(s, unsure, now))
  const walk: Standing = { ...standing, route: usable }
  if (usable.length === 0) return giveUp('failed', reason('tries_used_up'), unsure)
  const first = history[0]
  const last = history.at(-1)
  if (!first || !last) return attempt(walk, [], 1) ?? waitForRoute(walk, 0)

  const inRound = history.filter((a) => a.round === last.round)
  const onward = attempt(walk, inRound, last.round)
  if (onward) return onward

  if (last.round >= maxRounds) return giveUp('failed', reason('tries_used_up'), unsure)
  const roundAt = endedAtMs(last) + roundWaitMs(terms.id, last.round)
  const freeAt = Math.min(...usable.map((s) => freeAtMs(s, walk)))
  const at = Math.max(roundAt, freeAt)
  if (at > first.startedAt.getTime() + giveUpAfterMs) return giveUp('failed', reason('tries_used_up'), unsure)
  if (now.getTime() >= at) {
    const next = attempt(walk, [], last.round + 1)
    if (next) return next
  }
  return waitForRoute(walk, roundAt)
}

/** Waits until the round begins and a provider is available, or until the notification expires. */
function waitForRoute(walk: Standing, roundAt: number): NextStep {
  const { terms, route, now } = walk
  const soonest = route.reduce((a, b) => (freeAtMs(b, walk) < freeAtMs(a, walk) ? b : a))
  const freeAt = freeAtMs(soonest, walk)
  // Notifications that wait for a circuit are released when it closes; thousands must not poll every few seconds.
  const patience = soonest.unavailable && freeAt > roundAt ? now.getTime() + minute * (1 + jitter(terms.id)) : 0
  const at = Math.max(roundAt, freeAt, patience)
  const until = terms.expiresAt && terms.expiresAt.getTime() < at ? terms.expiresAt : new Date(at)
  const why =
    freeAt <= roundAt
      ? reason('next_round')
      : soonest.unavailable
        ? reason('providers_unavailable', { provider: soonest.provider, cause: soonest.unavailable.cause })
        : reason('provider_asked_to_wait')
  return { kind: 'wait', until, state: 'pending', reason: why }
}

/** The first available provider that this round has not tried. */
function attempt(walk: Standing, inRound: PastAttempt[], round: number): NextStep | null {
  const { route, now } = walk
  const tried = new Set(inRound.map((a) => a.provider))
  const stop = route.find((s) => !tried.has(s.provider) && freeAtMs(s, walk) <= now.getTime())
  if (!stop) return null
  return { kind: 'attempt', provider: stop.provider, round, cause: causeOf(stop, { route, inRound, round }) }
}

function causeOf(
  stop: RouteStop,
  { route, inRound, round }: { route: RouteStop[]; inRound: PastAttempt[]; round: number },
): AttemptCause {
  if (stop.probe) return attemptCause('probe', { cause: stop.probe })
  const before = inRound.at(-1)
  if (before) {
    const outcome = before.outcome === 'unknown' ? 'unknown' : 'not_taken'
    return attemptCause('fallback', { after: before.provider, outcome })
  }
  if (stop === route[0]) return attemptCause(round === 1 ? 'first' : 'retry')
  const unavailable = route
    .slice(0, route.indexOf(stop))
    .map(({ provider, unavailable }) => ({ provider, cause: unavailable?.cause ?? { kind: 'throttled' as const } }))
  return attemptCause('bypass', { unavailable })
}

/** When a provider may be called again after a pause or while it is unavailable. */
function freeAtMs(stop: RouteStop, walk: Standing): number {
  const last = walk.history.findLast((a) => a.provider === stop.provider)
  const asked = last?.retryAfterMs ? askedUntilMs(last, lastCallMs(stop, walk)) : 0
  return Math.max(asked, stop.unavailable?.until.getTime() ?? 0)
}

/** Until when a provider asked not to be called; one that asks for longer than there is time gets a last call shortly before. */
export function askedUntilMs(last: PastAttempt, latestMs: number): number {
  return Math.min(endedAtMs(last) + (last.retryAfterMs ?? 0), latestMs - spareMs)
}

/** When it is too late for another call to this provider. */
function lastCallMs(stop: RouteStop, { terms, history: [first], unsure }: Standing): number {
  const doubt = stop.repeatable ? unsure.find((a) => a.provider === stop.provider) : undefined
  const forgetsAt = doubt && doubt.startedAt.getTime() + keyLivesMs
  const givesUpAt = first && first.startedAt.getTime() + giveUpAfterMs
  return Math.min(...[terms.expiresAt?.getTime(), givesUpAt, forgetsAt].map((at) => at ?? Number.POSITIVE_INFINITY))
}

/** Whether a provider that may hold this message could have forgotten its key: it must not get the message again. */
export function idempotencyKeyExpired(stop: RouteStop, unsure: PastAttempt[], now: Date): boolean {
  const first = unsure.find((a) => a.provider === stop.provider)
  return stop.repeatable && first !== undefined && now.getTime() > first.startedAt.getTime() + keyLivesMs
}

/** 60, 120, 240 s and so on, plus up to a tenth of jitter, so that notifications that failed together spread out. */
export function roundWaitMs(id: string, round: number): number {
  const wait = firstRoundWaitMs * 2 ** (round - 1)
  return Math.round(wait * (1 + jitter(`${id}:${round}`) / 10))
}

/** Stable jitter in [0, 1), a hash of the text (FNV-1a). */
export function jitter(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash / 2 ** 32
}
