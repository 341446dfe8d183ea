// Closing attempts: the outcome, the move of its notification and the next alarm, for a batch of open.ts. What comes
// after an attempt was given up (its worker was frozen, or the database away) settles the doubt about it, as a receipt does.
import type { Outcome, PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable, Move } from '../../domain/deliverable.ts'
import type { State } from '../../domain/notification.ts'
import { withOutcome } from '../../policy/history.ts'
import type { Tx } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { historiesOf, lock } from './rows.ts'
import { claim, insertVerdict } from './settlements.ts'
import { type Acceptance, move, noWrites, type Writes, write } from './writes.ts'

export interface CloseRequest {
  notificationId: string
  number: number
  provider: string
  outcome: Outcome
  endedAt: Date
  decide(notification: Deliverable, history: PastAttempt[]): Move
}

/** `late`: the attempt had been given up meanwhile. */
export type Closed = { kind: 'closed'; state: State } | { kind: 'late' }

export async function closeAll(tx: Tx, jobs: Jobs, requests: CloseRequest[]): Promise<Closed[]> {
  const closed: Closed[] = []
  for (const turn of turnsOf(requests)) await closeTurn(tx, jobs, turn, closed)
  return closed
}

/** Two answers about one notification at once: the second is judged by what the first has come to. */
function turnsOf(requests: CloseRequest[]): [number, CloseRequest][][] {
  const before = new Map<string, number>()
  const turns: [number, CloseRequest][][] = []
  for (const [i, request] of requests.entries()) {
    const turn = before.get(request.notificationId) ?? 0
    before.set(request.notificationId, turn + 1)
    turns[turn] = [...(turns[turn] ?? []), [i, request]]
  }
  return turns
}

async function closeTurn(tx: Tx, jobs: Jobs, turn: [number, CloseRequest][], closed: Closed[]): Promise<void> {
  const ids = turn.map(([, { notificationId }]) => notificationId)
  const rows = await lock(tx, ids)
  const histories = await historiesOf(tx, ids)
  const writes = noWrites()
  for (const [i, request] of turn) {
    const n = rows.get(request.notificationId)
    const history = histories.get(request.notificationId) ?? []
    const attempt = history.find(({ number }) => number === request.number)
    if (!n || !attempt) throw new Error('an answer without its attempt')
    closed[i] =
      attempt.outcome === null
        ? close(writes, n, history, attempt, request)
        : await closeLate(tx, writes, n, history, attempt, request)
  }
  await write(tx, jobs, writes)
}

function close(
  writes: Writes,
  n: Deliverable,
  history: PastAttempt[],
  open: PastAttempt,
  request: CloseRequest,
): Closed {
  const { number, outcome, endedAt } = request
  writes.closings.push({ notificationId: n.id, number, outcome, endedAt })
  suppress(writes, n, request)
  const known = history.map((attempt) => (attempt === open ? withOutcome(attempt, outcome, endedAt) : attempt))
  const next = request.decide(n, known)
  move(writes, n, next, endedAt, acceptanceOf(request) ?? takenEarlier(n, history))
  return { kind: 'closed', state: next.state }
}

/**
 * The attempt is closed already: by ourselves, where the commit went well and its answer was lost, or given up by another
 * worker. An answer to what was given up is told in the timeline, and ends the doubt where nothing newer has.
 */
async function closeLate(
  tx: Tx,
  writes: Writes,
  n: Deliverable,
  history: PastAttempt[],
  attempt: PastAttempt,
  request: CloseRequest,
): Promise<Closed> {
  if (await isClosedByUs(tx, attempt, request)) return { kind: 'closed', state: n.state }
  const { provider, number, outcome, endedAt } = request
  writes.entries.push({
    notificationId: n.id,
    at: endedAt,
    what: `${provider} answered late.`,
    detail: `Attempt ${number} had been given up when its answer came: ${outcome.kind}. ${outcome.text ?? ''}`.trim(),
  })
  if (attempt.verdict !== 'taken') suppress(writes, n, request)
  const isEnded = n.state !== 'pending' && n.state !== 'sending' && n.state !== 'unconfirmed'
  if (isEnded || attempt.outcome !== 'unknown' || attempt.verdict || outcome.kind === 'unknown') return { kind: 'late' }

  const accepted = outcome.kind === 'accepted' ? await taken(tx, attempt, outcome.ref, endedAt) : undefined
  if (!accepted) await insertVerdict(tx, attempt, 'not_taken', 'late answer', null, endedAt)
  // Another call is open, whose end decides by this too; or a person has asked for another try, and this counts no more.
  if (n.state === 'sending' || number <= n.restartedAfter) return { kind: 'late' }
  const next: Move = accepted
    ? { state: 'sent', reason: null, dueAt: null }
    : request.decide(n, asRefused(history, attempt, outcome))
  move(writes, n, next, endedAt, accepted)
  return { kind: 'late' }
}

async function isClosedByUs(tx: Tx, { id }: PastAttempt, { outcome, endedAt }: CloseRequest): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select from attempts where id = $1 and ended_at = $2 and outcome = $3 and error_code is not distinct from $4',
    [id, endedAt, outcome.kind, outcome.kind === 'accepted' ? null : outcome.code],
  )
  return rowCount === 1
}

/** A name that is another attempt's already is not this one's too; that it was taken stands all the same. */
async function taken(tx: Tx, attempt: PastAttempt, ref: string | null, at: Date): Promise<Acceptance> {
  const isNamed = ref !== null && (await claim(tx, attempt, ref, 'late answer', at))
  if (!isNamed) await insertVerdict(tx, attempt, 'taken', 'late answer', null, at)
  return { provider: attempt.provider, ref: isNamed ? ref : null, at }
}

/** As if the refusal had come in time, and as the last word: what is hopeless everywhere ends here, whatever followed it. */
function asRefused(history: PastAttempt[], attempt: PastAttempt, outcome: Outcome): PastAttempt[] {
  const refused = withOutcome(attempt, outcome, attempt.endedAt ?? attempt.startedAt)
  if (refused.blame !== 'message') return history.map((a) => (a === attempt ? refused : a))
  return [...history.filter((a) => a !== attempt), refused]
}

function suppress(writes: Writes, n: Deliverable, { provider, outcome, endedAt }: CloseRequest): void {
  if (outcome.kind !== 'rejected' || !outcome.suppress || !n.to) return
  writes.suppressions.push({
    channel: n.channel,
    address: n.to,
    reason: outcome.suppress,
    source: provider,
    at: endedAt,
  })
}

function acceptanceOf({ provider, outcome, endedAt }: CloseRequest): Acceptance | undefined {
  return outcome.kind === 'accepted' ? { provider, ref: outcome.ref, at: endedAt } : undefined
}

/** The doubt about an earlier call ended while this one was open: it is sent by that. */
function takenEarlier(n: Deliverable, history: PastAttempt[]): Acceptance | undefined {
  const earlier = history.find(({ verdict, number }) => verdict === 'taken' && number > n.restartedAfter)
  return earlier && { provider: earlier.provider, ref: null, at: earlier.endedAt ?? earlier.startedAt }
}
