// Decides a notification's move when a person settles its unknown outcomes as sent or not sent.
import type { PastAttempt } from '../domain/attempt.ts'
import type { Deliverable, Move } from '../domain/deliverable.ts'
import { type Entry, entry } from '../domain/timeline.ts'
import { isInDoubt } from './history.ts'
import { whatFollows } from './judge.ts'
import type { RouteStop } from './terms.ts'

export interface PersonSettlement {
  sent: boolean
  by: string
  at: Date
}

/** The attempts that it settles, the timeline entry, and the move, which is the same as by a receipt. */
export function afterSettling(
  route: RouteStop[],
  n: Deliverable,
  history: PastAttempt[],
  { sent, by, at }: PersonSettlement,
): { settled: PastAttempt[]; entry: Entry; move: Move } {
  const settled = history.filter(isInDoubt)
  const last = settled.at(-1)
  if (!last) throw new Error('an unconfirmed notification has no attempt with an unknown outcome')
  const attempts = settled.map(({ number }) => number)
  const settlement = entry('settled_by_person', { by, isSent: sent, attempts })
  if (sent) {
    const accepted = { provider: last.provider, ref: null, at: last.endedAt ?? last.startedAt }
    return { settled, entry: settlement, move: { state: 'sent', reason: null, dueAt: null, accepted } }
  }
  const known = history.map((a): PastAttempt => (settled.includes(a) ? { ...a, verdict: 'not_taken' } : a))
  return { settled, entry: settlement, move: whatFollows(route, n, known, at) }
}
