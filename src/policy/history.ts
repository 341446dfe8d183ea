// Reads a notification's attempts together, because the last one alone misleads: unknown, then 429, then a fallback would
// send twice.
import type { Outcome, PastAttempt } from '../domain/attempt.ts'

/** A provider may list a message late: absence counts only this long after the call, and only if seen twice. */
const absentFromMs = 60_000

/** An unknown outcome that was settled counts as its verdict. */
export function asSettled(attempt: PastAttempt): PastAttempt {
  if (attempt.outcome !== 'unknown') return attempt
  if (attempt.verdict === 'taken') return { ...attempt, outcome: 'accepted' }
  return attempt.verdict === 'not_taken' || isAbsent(attempt) ? { ...attempt, outcome: 'deferred' } : attempt
}

/** Whether two late look-ups did not find it. A message that was most likely taken never counts as absent. */
export function isAbsent(attempt: PastAttempt): boolean {
  const from = endedAtMs(attempt) + absentFromMs
  return (
    !attempt.likelyTaken && attempt.lookUps.filter((l) => l.answer === 'absent' && l.at.getTime() >= from).length >= 2
  )
}

/** Whether its outcome is unknown and not settled. */
export function isInDoubt({ outcome, verdict }: PastAttempt): boolean {
  return outcome === 'unknown' && verdict === null
}

/** Attempts with an unknown outcome. If the message was rejected later under the same key, no earlier call was taken. */
export function unaccounted(history: PastAttempt[]): PastAttempt[] {
  const rejectedAt = new Map<string, number>()
  for (const { provider, number, outcome, blame } of history)
    if (outcome === 'rejected' && blame === 'message')
      rejectedAt.set(provider, Math.max(number, rejectedAt.get(provider) ?? 0))
  return history.filter((a) => a.outcome === 'unknown' && a.number >= (rejectedAt.get(a.provider) ?? 0))
}

export function endedAtMs(attempt: PastAttempt): number {
  return (attempt.endedAt ?? attempt.startedAt).getTime()
}

/** The attempt from which the time to settle counts: repeats of its key stay in its round and add no time. */
export function inDoubt(unsure: PastAttempt[]): PastAttempt | undefined {
  const last = unsure.at(-1)
  return unsure.find((a) => a.provider === last?.provider && a.round === last.round)
}

/** The attempt as closed with this outcome. */
export function withOutcome(attempt: PastAttempt, outcome: Outcome, endedAt: Date): PastAttempt {
  return {
    ...attempt,
    endedAt,
    outcome: outcome.kind,
    errorCode: outcome.kind === 'accepted' ? null : outcome.code,
    blame: outcome.kind === 'rejected' ? outcome.blame : null,
    likelyTaken: outcome.kind === 'unknown' && (outcome.likelyTaken ?? false),
    retryAfterMs: outcome.kind === 'deferred' ? (outcome.retryAfterMs ?? null) : null,
    ref: outcome.kind === 'accepted' ? outcome.ref : null,
    ...(outcome.kind === 'rejected' && outcome.suppress && { suppress: outcome.suppress }),
  }
}
