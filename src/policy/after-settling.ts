// What a person's word comes to, who says of all attempts in doubt whether they were sent.
import type { PastAttempt } from '../domain/attempt.ts'
import type { Deliverable, Entry, Move } from '../domain/deliverable.ts'
import { isInDoubt } from './history.ts'
import { whatFollows } from './judge.ts'
import type { RouteStop } from './terms.ts'

export interface Said {
  sent: boolean
  by: string
  at: Date
}

/** The attempts that are settled by it, the line in the timeline, and the notification's move, as if a receipt had said so. */
export function afterSettling(
  route: RouteStop[],
  n: Deliverable,
  history: PastAttempt[],
  { sent, by, at }: Said,
): { settled: PastAttempt[]; entry: Entry; move: Move } {
  const settled = history.filter(isInDoubt)
  const last = settled.at(-1)
  if (!last) throw new Error('a notification is unconfirmed without an attempt in doubt')
  const numbers = settled.map(({ number }) => number).join(', ')
  const entry = {
    what: `${by} says that it was ${sent ? '' : 'not '}sent.`,
    detail: `In doubt ${settled.length === 1 ? 'was attempt' : 'were attempts'} ${numbers}.`,
  }
  if (sent) {
    const accepted = { provider: last.provider, ref: null, at: last.endedAt ?? last.startedAt }
    return { settled, entry, move: { state: 'sent', reason: null, dueAt: null, accepted } }
  }
  const known = history.map((a): PastAttempt => (settled.includes(a) ? { ...a, verdict: 'not_taken' } : a))
  return { settled, entry, move: whatFollows(route, n, known, at) }
}
