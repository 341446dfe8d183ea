// Closes a batch of attempts with their outcomes, moves their notifications and enqueues what follows.
import type { Ctx } from '../context.ts'
import type { Answer, PastAttempt } from '../domain/attempt.ts'
import type { Deliverable } from '../domain/deliverable.ts'
import type { State } from '../domain/notification.ts'
import { routeStops } from '../guard/route-stops.ts'
import {
  type Answered,
  afterAnswer,
  afterLateAnswer,
  isClosedBy,
  lateEntry,
  lateVerdict,
  suppressionBy,
} from '../policy/after-answer.ts'
import type { RouteStop } from '../policy/terms.ts'
import { type AcceptedAnswer, closeAccepted } from '../store/attempts/accepted.ts'
import { lock, recentHistoriesOf } from '../store/attempts/rows.ts'
import { claimMessage, insertSettlement } from '../store/attempts/settlements.ts'
import { type Tx, transactionAfter } from '../store/db.ts'
import { together } from '../store/together.ts'
import { addMove, noWrites, type Writes, write } from '../store/writes.ts'

export interface ToClose extends Answer {
  notificationId: string
  number: number
}

/** `late`: the attempt had already been closed as abandoned. */
export type Closed = { kind: 'closed'; state: State } | { kind: 'late' }

/** By the ids of the notifications. */
type ClosedById = ReadonlyMap<string, Closed>
const noneClosed: ClosedById = new Map()

/** An answer to an attempt, with the notification under lock. */
interface Locked extends Answered {
  n: Deliverable
  route: RouteStop[]
}

/**
 * Expects at most one answer a notification. An answer to an attempt that was closed as abandoned (its worker was frozen,
 * or the database unavailable) settles that attempt, as a receipt does.
 */
export async function closeAll(ctx: Ctx, answers: ToClose[]): Promise<Closed[]> {
  const sent = await closeAccepted(ctx.db, answers.flatMap(asAccepted))
  const others = answers.filter(({ notificationId }) => !sent.has(notificationId))
  const closed = others.length > 0 ? await decideAndClose(ctx, others) : noneClosed
  return answers.map(({ notificationId }) => closed.get(notificationId) ?? { kind: 'closed', state: 'sent' })
}

/** Whatever came before, an acceptance of the open attempt makes a notification `sent`, as `afterAnswer` decides too. */
function asAccepted({ notificationId, number, outcome, endedAt }: ToClose): AcceptedAnswer[] {
  if (outcome.kind !== 'accepted') return []
  const { ref, statusCode = null, text = null } = outcome
  return [{ notificationId, number, ref, statusCode, text, endedAt }]
}

async function decideAndClose(ctx: Ctx, answers: ToClose[]): Promise<ClosedById> {
  const ids = answers.map(({ notificationId }) => notificationId)
  const closing = answers.map(({ notificationId: id, number }) => ({ id, number }))
  return transactionAfter(
    ctx.db,
    (tx) => together(lock(tx, ids), recentHistoriesOf(tx, closing)),
    (tx, found) => closeBatch(ctx, tx, answers, found),
  )
}

async function closeBatch(
  ctx: Ctx,
  tx: Tx,
  answers: ToClose[],
  [rows, histories]: [Map<string, Deliverable>, Map<string, PastAttempt[]>],
): Promise<ClosedById> {
  const writes = noWrites()
  const closed = new Map<string, Closed>()
  for (const answer of answers) {
    const n = rows.get(answer.notificationId)
    const history = histories.get(answer.notificationId) ?? []
    const attempt = history.find(({ number }) => number === answer.number)
    if (!n || !attempt) throw new Error('the attempt to close does not exist')
    const route = routeStops(ctx.routeOf(n), ctx.health)
    const locked = { n, route, history, attempt, answer }
    if (attempt.outcome === null) closed.set(n.id, close(writes, locked))
    else if (isClosedBy(attempt, answer)) closed.set(n.id, { kind: 'closed', state: n.state })
    else closed.set(n.id, await closeLate(tx, writes, locked))
  }
  await write(tx, ctx.jobs, writes)
  return closed
}

function close(writes: Writes, { n, route, ...answered }: Locked): Closed {
  const { number } = answered.attempt
  const { outcome, endedAt } = answered.answer
  writes.closings.push({ notificationId: n.id, number, outcome, endedAt })
  suppress(writes, n, answered.answer)
  const next = afterAnswer(route, n, answered)
  addMove(writes, n, next, endedAt)
  return { kind: 'closed', state: next.state }
}

/** The closed attempt is not changed: the late answer is stored as a settlement. */
async function closeLate(tx: Tx, writes: Writes, { n, route, ...answered }: Locked): Promise<Closed> {
  const { attempt, answer } = answered
  writes.entries.push({ notificationId: n.id, at: answer.endedAt, entry: lateEntry(answered) })
  if (attempt.verdict !== 'taken') suppress(writes, n, answer)
  const verdict = lateVerdict(n, answered)
  if (!verdict) return { kind: 'late' }
  const ref = await settle(tx, answered, verdict)
  const next = afterLateAnswer(route, n, answered, ref)
  if (next) addMove(writes, n, next, answer.endedAt)
  return { kind: 'late' }
}

/** Answers the provider's message id that settles the attempt; null where another attempt has claimed that id. */
async function settle(
  tx: Tx,
  { attempt, answer: { outcome, endedAt } }: Answered,
  verdict: 'taken' | 'not_taken',
): Promise<string | null> {
  const settlement = { attempt, verdict, by: 'late answer', at: endedAt } as const
  const ref = outcome.kind === 'accepted' ? outcome.ref : null
  if (ref !== null && (await claimMessage(tx, { ...settlement, ref }))) return ref
  await insertSettlement(tx, { ...settlement, ref: null })
  return null
}

function suppress(writes: Writes, n: Deliverable, answer: Answer): void {
  const suppression = suppressionBy(answer, n)
  if (suppression) writes.suppressions.push(suppression)
}
