// Decides a notification's move by a look-up of a message whose answer was lost.
import type { LookUpAnswer, PastAttempt } from '../domain/attempt.ts'
import type { Acceptance, Deliverable, Move } from '../domain/deliverable.ts'
import { entry } from '../domain/timeline.ts'
import { isAbsent } from './history.ts'
import { whatFollows } from './judge.ts'
import type { RouteStop } from './terms.ts'

export interface LookedUp {
  history: PastAttempt[]
  attempt: PastAttempt
  look: LookUpAnswer
  /** Set if the message was found. */
  accepted: Acceptance | null
}

/** The move, and whether the attempt now counts as not taken. */
export function afterLookUp(
  route: RouteStop[],
  n: Deliverable,
  { history, attempt, look, accepted }: LookedUp,
): { move: Move; isAbsent: boolean } {
  const looked: PastAttempt = { ...attempt, lookUps: [...attempt.lookUps, look], verdict: accepted ? 'taken' : null }
  const absent = !accepted && isAbsent(looked)
  const settled: PastAttempt = absent ? { ...looked, verdict: 'not_taken' } : looked
  const known = history.map((a) => (a === attempt ? settled : a))
  const next = whatFollows(route, n, known, look.at)
  const { provider, number } = attempt
  const lookedUp = entry('looked_up', { provider, attempt: number, answer: look.answer, isNotTaken: absent })
  return {
    move: { ...next, entry: lookedUp, ...(accepted && next.state === 'sent' && { accepted }) },
    isAbsent: absent,
  }
}
