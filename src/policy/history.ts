// What a notification's attempts come to, read together: never the last line alone (unknown, then 429, then
// fallback is the trap).
import type { Outcome, PastAttempt } from '../domain/attempt.ts'

/** A provider may show a message late: absence counts from here on, and only when it was seen twice. */
const absentFromMs = 60_000

/** An unknown outcome that has been settled counts as what it was settled to. */
export function asSettled(attempt: PastAttempt): PastAttempt {
  if (attempt.outcome !== 'unknown') return attempt
  if (attempt.verdict === 'taken') return { ...attempt, outcome: 'accepted' }
  return attempt.verdict === 'not_taken' || isAbsent(attempt) ? { ...attempt, outcome: 'deferred' } : attempt
}

/** Looked for twice where it should have been, and not there. What was most likely taken is never called absent. */
export function isAbsent(attempt: PastAttempt): boolean {
  const from = endedAtMs(attempt) + absentFromMs
  return (
    !attempt.likelyTaken && attempt.looks.filter((l) => l.answer === 'absent' && l.at.getTime() >= from).length >= 2
  )
}

/** Neither known nor settled. */
export function isInDoubt({ outcome, verdict }: PastAttempt): boolean {
  return outcome === 'unknown' && verdict === null
}

/** Attempts whose outcome nobody knows. The same key refused as a message says that no earlier call with it was taken. */
export function unaccounted(history: PastAttempt[]): PastAttempt[] {
  return history.filter(
    (a) =>
      a.outcome === 'unknown' &&
      !history.some(
        (b) => b.number > a.number && b.provider === a.provider && b.outcome === 'rejected' && b.blame === 'message',
      ),
  )
}

export function endedAtMs(attempt: PastAttempt): number {
  return (attempt.endedAt ?? attempt.startedAt).getTime()
}

/** The attempt from which settling is counted: repeats of its key stay in its round and add no time. */
export function inDoubt(unsure: PastAttempt[]): PastAttempt | undefined {
  const last = unsure.at(-1)
  return unsure.find((a) => a.provider === last?.provider && a.round === last.round)
}

/** The attempt as it stands once its outcome is known. */
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
  }
}
