// The circuit of a provider: the policy, pure. It opens on hard failures, is probed by one real send at a time, and
// closes on proof alone, never by the clock. store/health.ts keeps it in Postgres for all processes.
import type { Outcome } from './attempt.ts'

export interface Circuit {
  state: 'closed' | 'open'
  /** Hard failures without a success between them. */
  failuresInRow: number
  openedAt: Date | null
  /** When one message may try it again; null while closed. */
  nextProbeAt: Date | null
  why: string | null
}

/** What calls came to, in the order in which they ended. A fault of the message or of the number is a `good` one. */
export type Verdict = 'good' | 'bad' | 'account'

/** All processes together, over the last ten seconds. */
export interface Window {
  good: number
  bad: number
}

export const windowMs = 10_000
export const probeEveryMs = 5_000
const inRowOpens = 5
const windowMinimum = 20

/** What an outcome says of the provider's health; null where it says nothing of it. */
export function verdictOf(outcome: Outcome): Verdict | null {
  switch (outcome.kind) {
    case 'accepted':
      return 'good'
    case 'rejected':
      if (outcome.blame === 'message') return 'good'
      return outcome.account ? 'account' : null
    case 'deferred':
      // Too many requests is a matter of pace (rates.ts), not of health.
      return outcome.statusCode === 429 ? null : 'bad'
    case 'unknown':
      // Our own worker's death says nothing of the provider.
      return outcome.code === 'worker_lost' || outcome.code === 'provider_bug' ? null : 'bad'
  }
}

/** The circuit after these calls. The same object where nothing changed but the count. */
export function nextCircuit(circuit: Circuit, verdicts: Verdict[], window: Window, now: Date): Circuit {
  let failuresInRow = circuit.failuresInRow
  let longest = 0
  for (const verdict of verdicts) {
    failuresInRow = verdict === 'good' ? 0 : failuresInRow + 1
    longest = Math.max(longest, failuresInRow)
  }
  if (circuit.state === 'open') return probed(circuit, verdicts, failuresInRow, now)
  const why = whyOpen(verdicts, longest, window)
  if (!why) return { ...circuit, failuresInRow }
  return { state: 'open', failuresInRow, openedAt: now, nextProbeAt: new Date(now.getTime() + probeEveryMs), why }
}

function whyOpen(verdicts: Verdict[], longest: number, { good, bad }: Window): string | null {
  if (verdicts.includes('account')) return 'it refuses our account: its key, its balance or its settings'
  if (longest >= inRowOpens) return `${longest} calls in a row failed`
  if (good + bad >= windowMinimum && bad * 2 >= good + bad)
    return `${bad} of ${good + bad} calls failed within ${windowMs / 1000} seconds`
  return null
}

/** Open: one success is proof. Calls that were under way when it opened are proof as well. */
function probed(circuit: Circuit, verdicts: Verdict[], failuresInRow: number, now: Date): Circuit {
  if (verdicts.at(-1) === 'good')
    return { state: 'closed', failuresInRow: 0, openedAt: null, nextProbeAt: null, why: null }
  const next = new Date(now.getTime() + probeEveryMs)
  const later = circuit.nextProbeAt && circuit.nextProbeAt > next ? circuit.nextProbeAt : next
  return { ...circuit, failuresInRow, nextProbeAt: verdicts.length > 0 ? later : circuit.nextProbeAt }
}
