// From receipts to states: those of one notification, all together (merge.ts), settle what was unknown and say where
// the message is. One transaction; applied twice it changes nothing more.
import type { PastAttempt } from '../attempt.ts'
import { type MergedReceipt, mergeReceipts } from '../merge.ts'
import type { State } from '../notification.ts'
import { reason } from '../reason.ts'
import type { ReceiptKind } from '../receipt.ts'
import { type Deliverable, historiesOf, lock } from './attempt-rows.ts'
import { type Move, move, noWrites, type Writes, write } from './attempt-writes.ts'
import { type Db, type Tx, transaction } from './db.ts'
import type { Jobs } from './jobs.ts'
import { insertVerdict } from './settlements.ts'

export interface ApplyRequest {
  notificationId: string
  now: Date
  /** What the policy says once a doubt is settled. */
  decide(notification: Deliverable, history: PastAttempt[]): Move
}

interface Row {
  id: string
  provider: string
  kind: ReceiptKind
  at: Date | null
  received_at: Date
  attempt_id: string | null
  provider_message_id: string | null
  suppress: string | null
  code: string | null
  text: string | null
}

/** While a call is open nothing is applied: its end decides first. Answers the state, null where it is left for later. */
export async function applyReceipts(db: Db, jobs: Jobs, request: ApplyRequest): Promise<State | null> {
  return transaction(db, async (tx) => {
    const { notificationId, now } = request
    const n = (await lock(tx, [notificationId])).get(notificationId)
    if (!n || n.state === 'sending') return null
    const rows = await rowsOf(tx, notificationId)
    const before = (await historiesOf(tx, [notificationId])).get(notificationId) ?? []
    const history = await settleBy(tx, before, rows, now)
    const writes = noWrites()
    let state: State = n.state
    if (state === 'unconfirmed' || state === 'pending') state = decideAnew(writes, n, before, history, request)
    suppressBy(writes, n, rows, now)
    await write(tx, jobs, writes)
    state = await moveTo(tx, n, state, current(rows, history, n))
    await tx.query('update receipts set applied_at = $2 where id = any($1) and applied_at is null', [
      rows.map((row) => row.id),
      now,
    ])
    return state
  })
}

async function rowsOf(tx: Tx, notificationId: string): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `select id, provider, kind, at, received_at, attempt_id, provider_message_id, suppress, code, text
     from receipts where notification_id = $1 order by received_at, id`,
    [notificationId],
  )
  return rows
}

/** A receipt for an attempt that nobody knew the end of, or for the same key of an earlier one, settles it. */
async function settleBy(tx: Tx, history: PastAttempt[], rows: Row[], now: Date): Promise<PastAttempt[]> {
  const settled = new Map<string, PastAttempt['verdict']>()
  for (const row of rows) {
    const open = history.filter(
      (a) => a.outcome === 'unknown' && !a.verdict && !settled.has(a.id) && a.provider === row.provider,
    )
    const attempt = open.find((a) => a.id === row.attempt_id) ?? open.at(-1)
    if (!attempt || row.kind === 'unsubscribed') continue
    const verdict = row.kind === 'not-sent' ? 'not_taken' : 'taken'
    const wrote =
      (await insertVerdict(
        tx,
        attempt,
        verdict,
        'receipt',
        verdict === 'taken' ? row.provider_message_id : null,
        now,
      )) || (await insertVerdict(tx, attempt, verdict, 'receipt', null, now))
    if (wrote) settled.set(attempt.id, verdict)
  }
  return history.map((a) => (settled.has(a.id) ? { ...a, verdict: settled.get(a.id) ?? null } : a))
}

function decideAnew(
  writes: Writes,
  n: Deliverable,
  before: PastAttempt[],
  history: PastAttempt[],
  request: ApplyRequest,
): State {
  const fresh = history.find((a, i) => a.verdict !== before[i]?.verdict)
  if (!fresh) return n.state
  const next = request.decide(n, history)
  const told = fresh.verdict === 'taken' ? 'it has the message' : 'it never took the message'
  const entry = {
    what: `A receipt of ${fresh.provider} settled the doubt: ${told}.`,
    detail: `It was about attempt ${fresh.number}.`,
  }
  move(writes, n, { ...next, entry }, request.now, { provider: fresh.provider, ref: null, at: fresh.startedAt })
  return next.state
}

function suppressBy(writes: Writes, n: Deliverable, rows: Row[], now: Date): void {
  const why = rows.find((row) => row.suppress)
  if (why?.suppress && n.to)
    writes.suppressions.push({ channel: n.channel, address: n.to, reason: why.suppress, source: why.provider, at: now })
}

/** The receipts that still count: not those of a message before a person asked for another. */
function current(
  rows: Row[],
  history: PastAttempt[],
  n: Deliverable,
): { merged: MergedReceipt[]; ref: Row | undefined } {
  const numbered = new Map(history.map((a) => [a.id, a]))
  const counted = rows.filter((row) => (numbered.get(row.attempt_id ?? '')?.number ?? 0) > n.restartedAfter)
  const merged = counted.map((row) => {
    const accepted = numbered.get(row.attempt_id ?? '')?.outcome === 'accepted'
    const kind: ReceiptKind = row.kind === 'not-sent' && accepted ? 'undelivered' : row.kind
    return { kind, at: row.at ?? row.received_at, code: row.code, text: row.text }
  })
  return { merged, ref: counted.find((row) => row.provider_message_id) }
}

const receiving: State[] = ['sent', 'delivered', 'undelivered', 'unconfirmed', 'failed', 'expired']

async function moveTo(
  tx: Tx,
  n: Deliverable,
  state: State,
  { merged, ref }: ReturnType<typeof current>,
): Promise<State> {
  const told = mergeReceipts(merged)
  const next =
    told.state && receiving.includes(state) && !(told.state === 'sent' && state !== 'unconfirmed') ? told.state : state
  const why = next === 'undelivered' ? reason('bounced', told.why ?? undefined) : null
  const ends = next !== state || next === 'undelivered' || next === 'delivered'
  await tx.query(
    `update notifications set state = $2, delivered_at = coalesce($3, delivered_at), opened_at = coalesce($4, opened_at),
       clicked_at = coalesce($5, clicked_at), provider_message_id = coalesce(provider_message_id, $6),
       reason_code = case when $7 then $8 else reason_code end, reason_text = case when $7 then $9 else reason_text end,
       due_at = case when $7 then null else due_at end
     where id = $1`,
    [
      n.id,
      next,
      told.deliveredAt,
      told.openedAt,
      told.clickedAt,
      ref?.provider_message_id,
      ends,
      why?.code ?? null,
      why?.text ?? null,
    ],
  )
  return next
}
