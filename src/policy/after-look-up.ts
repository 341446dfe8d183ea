// Decides a notification's move by a look-up of a message whose answer was lost.
import type { LookUpAnswer, PastAttempt } from '../domain/attempt.ts'
import type { Acceptance, Deliverable, Entry, Move } from '../domain/deliverable.ts'
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
  const entry = entryOf(settled, look.answer)
  return { move: { ...next, entry, ...(accepted && next.state === 'sent' && { accepted }) }, isAbsent: absent }
}

function entryOf({ number, verdict }: PastAttempt, answer: LookUpAnswer['answer']): Entry {
  const which = `The answer to attempt ${number} was lost.`
  if (answer === 'found') return { what: 'A look-up found the message: it was sent.', detail: which }
  if (verdict === 'not_taken') return { what: 'A second look-up did not find it: it was not sent.', detail: which }
  if (answer === 'absent') return { what: 'A look-up did not find it yet.', detail: `${which} It may show up late.` }
  return { what: 'A look-up had no clear answer.', detail: which }
}
