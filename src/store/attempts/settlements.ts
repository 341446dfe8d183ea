// Settling an attempt whose outcome was unknown: what a look-up, a receipt, a person or a late answer said of it. The verdict, the
// notification's move and the next alarm are one transaction; the attempt itself stays as it was closed.
import type { Look, PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable, Move } from '../../domain/deliverable.ts'
import { isAbsent } from '../../policy/history.ts'
import { type Db, type Tx, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { historiesOf, lock } from './rows.ts'
import { type Acceptance, move, noWrites, write } from './writes.ts'

export interface LookRequest {
  notificationId: string
  attempt: PastAttempt
  found: { kind: 'answered'; candidates: { ref: string; at: Date }[] } | { kind: 'unclear'; text: string }
  now: Date
  decide(notification: Deliverable, history: PastAttempt[]): Move
}

type SettledBy = 'look-up' | 'receipt' | 'person' | 'late answer'

export interface Looked {
  answer: Look['answer']
  state: string
}

export interface Settlements {
  /** Records a look for a lost answer. A message that another attempt has claimed is not this one's. */
  look(request: LookRequest): Promise<Looked>
}

export function settlementsOf(db: Db, jobs: Jobs): Settlements {
  return { look: (request) => transaction(db, (tx) => recordLook(tx, jobs, request)) }
}

async function recordLook(tx: Tx, jobs: Jobs, request: LookRequest): Promise<Looked> {
  const { notificationId, attempt, found, now } = request
  const n = (await lock(tx, [notificationId])).get(notificationId)
  if (!n) throw new Error('an attempt without its notification')
  const history = (await historiesOf(tx, [notificationId])).get(notificationId) ?? []
  const current = history.find((a) => a.id === attempt.id)
  if (!current || current.verdict || n.state !== 'unconfirmed') return { answer: 'unclear', state: n.state }
  // Committed before, and its answer was lost: one look must not count as two.
  const known = current.looks.find((earlier) => earlier.at.getTime() === now.getTime())
  if (known) return { answer: known.answer, state: n.state }

  const taken = found.kind === 'answered' ? await claimFirst(tx, attempt, found.candidates, now) : null
  const answer = taken ? 'found' : found.kind === 'answered' ? 'absent' : 'unclear'
  await tx.query('insert into look_ups (attempt_id, at, answer, detail) values ($1, $2, $3, $4)', [
    attempt.id,
    now,
    answer,
    found.kind === 'unclear' ? found.text : null,
  ])
  const looked: PastAttempt = {
    ...current,
    looks: [...current.looks, { at: now, answer }],
    verdict: taken ? 'taken' : null,
  }
  if (isAbsent(looked)) {
    await insertVerdict(tx, attempt, 'not_taken', 'look-up', null, now)
    looked.verdict = 'not_taken'
  }
  const writes = noWrites()
  const next = request.decide(
    n,
    history.map((a) => (a === current ? looked : a)),
  )
  move(writes, n, { ...next, entry: entryOf(looked, answer) }, now, taken ?? undefined)
  await write(tx, jobs, writes)
  return { answer, state: next.state }
}

/** The first candidate that nobody else has: by an answer of the provider's, or by an earlier look. */
async function claimFirst(
  tx: Tx,
  attempt: PastAttempt,
  candidates: { ref: string; at: Date }[],
  now: Date,
): Promise<Acceptance | null> {
  for (const { ref, at } of candidates) {
    if (await claim(tx, attempt, ref, 'look-up', now)) return { provider: attempt.provider, ref, at }
  }
  return null
}

/** Settles it as taken, as the provider's message of this name. False where that is another attempt's. */
export async function claim(
  tx: Tx,
  attempt: Pick<PastAttempt, 'id' | 'provider'>,
  ref: string,
  settledBy: SettledBy,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query('select from attempts where provider = $1 and provider_message_id = $2 limit 1', [
    attempt.provider,
    ref,
  ])
  return rowCount === 0 && insertVerdict(tx, attempt, 'taken', settledBy, ref, at)
}

/** False where the provider's message is another attempt's, or this attempt has been settled meanwhile. */
export async function insertVerdict(
  tx: Tx,
  attempt: Pick<PastAttempt, 'id' | 'provider'>,
  verdict: 'taken' | 'not_taken',
  settledBy: SettledBy,
  ref: string | null,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into settlements (attempt_id, provider, verdict, settled_by, provider_message_id, at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [attempt.id, attempt.provider, verdict, settledBy, ref, at],
  )
  return rowCount === 1
}

function entryOf({ number, verdict }: PastAttempt, answer: Look['answer']): Move['entry'] {
  const which = `The answer to attempt ${number} was lost.`
  if (answer === 'found') return { what: 'A look-up found the message: it was sent.', detail: which }
  if (verdict === 'not_taken') return { what: 'A second look-up did not find it: it was not sent.', detail: which }
  if (answer === 'absent') return { what: 'A look-up did not find it yet.', detail: `${which} It may show up late.` }
  return { what: 'A look-up had no clear answer.', detail: which }
}

/** Whether an attempt of this row, which has `id` and `restarted_after`, is in doubt. */
export function mayHaveBeenTaken(row: string): string {
  return `exists (select from attempts a left join settlements s on s.attempt_id = a.id
    where a.notification_id = ${row}.id and a.number > ${row}.restarted_after and a.outcome = 'unknown'
      and s.verdict is distinct from 'not_taken')`
}
