// The circuit breaker of a provider: opens on hard failures, is probed by one real send at a time, and closes only when a
// probe succeeds, never after a time.
import type { Outcome } from '../domain/attempt.ts'
import type { CircuitCause } from '../domain/unavailable.ts'

export interface Circuit {
  state: 'closed' | 'open'
  /** Consecutive hard failures. */
  failuresInRow: number
  openedAt: Date | null
  /** When one message may probe it; null while closed. */
  nextProbeAt: Date | null
  cause: CircuitCause | null
}

/** What a call shows of the provider. `answered`: it works, and the fault lies with the message or the address. */
export type Verdict = 'taken' | 'answered' | 'bad' | 'account'

/** Verdicts in the order in which the calls ended; `proof`: a probe among them was taken. */
export interface Seen {
  verdicts: Verdict[]
  proof: boolean
}

/** The counts of all processes over the last ten seconds. */
export interface Window {
  good: number
  bad: number
}

export const windowMs = 10_000
export const probeEveryMs = 5_000
const inRowOpens = 5
const windowMinimum = 20

export function isBad(verdict: Verdict | null): boolean {
  return verdict === 'bad' || verdict === 'account'
}

/** What an outcome shows of the provider's health; null if nothing. */
export function verdictOf(outcome: Outcome): Verdict | null {
  switch (outcome.kind) {
    case 'accepted':
      return 'taken'
    case 'rejected':
      if (outcome.blame === 'message') return 'answered'
      if (outcome.account) return 'account'
      // An unsupported country, template or sender is no sign of its health.
      return outcome.everyMessage ? 'bad' : null
    case 'deferred':
      // Throttling concerns its rate, and a full mailbox the mailbox.
      return isThrottled(outcome) || outcome.messageOnly ? null : 'bad'
    case 'unknown':
      // The death of our own worker is no sign of the provider's health.
      if (outcome.code === 'worker_lost' || outcome.code === 'provider_bug') return null
      return outcome.messageOnly ? null : 'bad'
  }
}

/** Whether the provider as a whole asks for slower calls. */
export function isThrottled({ messageOnly, throttled, statusCode }: Extract<Outcome, { kind: 'deferred' }>): boolean {
  return !messageOnly && (throttled === true || statusCode === 429)
}

/** The circuit after these calls. While it is open, only a probe counts: calls begun before it opened prove nothing. */
export function nextCircuit(circuit: Circuit, { verdicts, proof }: Seen, window: Window, now: Date): Circuit {
  if (circuit.state === 'open')
    return proof ? { state: 'closed', failuresInRow: 0, openedAt: null, nextProbeAt: null, cause: null } : circuit
  let failuresInRow = circuit.failuresInRow
  let longest = 0
  for (const verdict of verdicts) {
    failuresInRow = isBad(verdict) ? failuresInRow + 1 : 0
    longest = Math.max(longest, failuresInRow)
  }
  const cause = causeToOpen(verdicts, longest, window)
  if (!cause) return { ...circuit, failuresInRow }
  return { state: 'open', failuresInRow, openedAt: now, nextProbeAt: new Date(now.getTime() + probeEveryMs), cause }
}

function causeToOpen(verdicts: Verdict[], longest: number, { good, bad }: Window): CircuitCause | null {
  if (verdicts.includes('account')) return { kind: 'account_refused' }
  if (longest >= inRowOpens) return { kind: 'failures_in_row', failures: longest }
  if (good + bad >= windowMinimum && bad * 2 >= good + bad)
    return { kind: 'failure_rate', failures: bad, calls: good + bad, seconds: windowMs / 1000 }
  return null
}
