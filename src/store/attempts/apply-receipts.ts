// From receipts to states: those of one notification, all together (policy/merge-receipts.ts), settle what was unknown and say where
// the message is. One transaction; applied twice it changes nothing more.
import type { PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable, Move } from '../../domain/deliverable.ts'
import type { State } from '../../domain/notification.ts'
import { reason } from '../../domain/reason.ts'
import type { ReceiptKind } from '../../domain/receipt.ts'
import { type Attribution, attribute, type NamedAttempt, type Told } from '../../policy/match-receipt.ts'
import { isTaken, type Merged, mergeReceipts, type ToldMessage } from '../../policy/merge-receipts.ts'
import { type Db, type Tx, toJson, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { leaveByReceipt } from '../people/preferences.ts'
import { historiesOf, lock } from './rows.ts'
import { insertVerdict } from './settlements.ts'
import { move, noWrites, type Writes, write } from './writes.ts'

export interface ApplyRequest {
  notificationId: string
  now: Date
  /** What the policy says once a doubt is settled. */
  decide(notification: Deliverable, history: PastAttempt[]): Move
}

interface Row extends Told {
  id: string
  kind: ReceiptKind
  at: Date
  suppress: string | null
  code: string | null
  text: string | null
  isFresh: boolean
}

type About = Attribution & { row: Row }
interface Message extends ToldMessage {
  attempt: NamedAttempt
  receipts: Row[]
}

/** While a call is open nothing is applied: its end decides first. Answers the state, null where it is left for later. */
export async function applyReceipts(db: Db, jobs: Jobs, request: ApplyRequest): Promise<State | null> {
  return transaction(db, async (tx) => {
    const { notificationId, now } = request
    const n = (await lock(tx, [notificationId])).get(notificationId)
    if (!n || n.state === 'sending') return null
    const rows = await rowsOf(tx, notificationId)
    const before = await namedHistory(tx, notificationId)
    const history = await settle(tx, before, attributed(rows, before), now)
    const about = attributed(rows, history)

    const writes = noWrites()
    suppress(writes, n, rows, now)
    const left = rows.find((row) => row.isFresh && row.kind === 'unsubscribed')
    if (left) await leaveByReceipt(tx, n.id, left.provider, now)
    const told = mergeReceipts(messagesOf(history, about, n))
    const settled = history.filter((a, i) => a.verdict !== before[i]?.verdict && a.number > n.restartedAfter)
    if (n.state === 'unconfirmed' || n.state === 'pending') {
      tellSettled(writes, n, settled, now)
      if (!told.state && settled.length > 0) goOn(writes, n, history, request)
    }
    await write(tx, jobs, writes)
    if (told.state) await moveTo(tx, n, told.state, told)
    await markApplied(tx, about, rows, now)
    return told.state ?? writes.moves[0]?.state ?? n.state
  })
}

async function rowsOf(tx: Tx, notificationId: string): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `select id, provider, kind, coalesce(at, received_at) as at, provider_message_id as "providerMessageId",
       told_attempt_id as "toldAttemptId", suppress, code, text, applied_at is null as "isFresh"
     from receipts where notification_id = $1 order by received_at, id`,
    [notificationId],
  )
  return rows
}

async function namedHistory(tx: Tx, notificationId: string): Promise<NamedAttempt[]> {
  const { rows } = await tx.query<{ id: string; ref: string | null }>(
    `select a.id, coalesce(a.provider_message_id, s.provider_message_id) as ref
     from attempts a left join settlements s on s.attempt_id = a.id where a.notification_id = $1`,
    [notificationId],
  )
  const refs = new Map(rows.map(({ id, ref }) => [id, ref]))
  const history = (await historiesOf(tx, [notificationId])).get(notificationId) ?? []
  return history.map((attempt) => ({ ...attempt, ref: refs.get(attempt.id) ?? null }))
}

function attributed(rows: Row[], history: NamedAttempt[]): About[] {
  return rows.flatMap((row) => {
    const to = attribute(row, history)
    return to ? [{ ...to, row }] : []
  })
}

/** Ends the doubt about every attempt that a receipt speaks of. One sign that it was taken outweighs a "not sent". */
async function settle(tx: Tx, history: NamedAttempt[], about: About[], now: Date): Promise<NamedAttempt[]> {
  const settled: NamedAttempt[] = []
  for (const attempt of history) {
    const said = isInDoubt(attempt) ? about.filter((one) => speaksOf(one, attempt)) : []
    const taken = said.find(({ row }) => isTaken(row.kind))
    const verdict = taken ? 'taken' : said.some(({ row }) => isTaken(row.kind) === false) ? 'not_taken' : null
    if (!verdict) {
      settled.push(attempt)
      continue
    }
    const ref = taken?.row.providerMessageId ?? null
    // Of several attempts by one key, one has the message's name.
    const named = ref !== null && (await insertVerdict(tx, attempt, verdict, 'receipt', ref, now))
    if (!named) await insertVerdict(tx, attempt, verdict, 'receipt', null, now)
    settled.push({ ...attempt, verdict, ref: named ? ref : attempt.ref })
  }
  return settled
}

function isInDoubt({ outcome, verdict }: PastAttempt): boolean {
  return outcome === 'unknown' && verdict === null
}

/** A receipt without a name is about the message that all calls by one key may have made. */
function speaksOf({ attempt, named }: About, other: NamedAttempt): boolean {
  return attempt.id === other.id || (!named && isInDoubt(attempt) && attempt.provider === other.provider)
}

/** What still counts: not what was before a person asked for another try. */
function messagesOf(history: NamedAttempt[], about: About[], n: Deliverable): Message[] {
  return history
    .filter((attempt) => attempt.number > n.restartedAfter)
    .map((attempt) => ({
      attempt,
      accepted: attempt.outcome === 'accepted' || attempt.verdict === 'taken',
      receipts: about.filter((one) => one.attempt.id === attempt.id).map(({ row }) => row),
    }))
}

/** Only by what is new: what a person has freed since stays free. */
function suppress(writes: Writes, n: Deliverable, rows: Row[], at: Date): void {
  const why = rows.find((row) => row.isFresh && row.suppress)
  if (!why?.suppress || !n.to) return
  writes.suppressions.push({ channel: n.channel, address: n.to, reason: why.suppress, source: why.provider, at })
  n.suppressed ??= why.suppress
}

function tellSettled(writes: Writes, n: Deliverable, settled: NamedAttempt[], at: Date): void {
  for (const { provider, verdict, number } of settled)
    writes.entries.push({
      notificationId: n.id,
      at,
      what: `A receipt of ${provider} ended the doubt: it ${verdict === 'taken' ? 'has' : 'never took'} the message.`,
      detail: `In doubt was attempt ${number}.`,
    })
}

/** It was not taken: the policy goes on, but nobody else gets what must not be sent there. */
function goOn(writes: Writes, n: Deliverable, history: NamedAttempt[], { decide, now }: ApplyRequest): void {
  const next = decide(n, history)
  const stops = next.state === 'pending' && n.suppressed
  const why = reason('suppressed_address', `On the list as: ${n.suppressed}.`)
  move(writes, n, stops ? { state: 'suppressed', reason: why, dueAt: null } : next, now)
}

/** The row is locked, and its state was read under that lock. A receipt outweighs what we ended it as. */
async function moveTo(tx: Tx, n: Deliverable, state: State, told: Merged<Message>): Promise<void> {
  const why = state === 'undelivered' ? reason('bounced', told.why ?? undefined) : null
  const attempt = told.by?.attempt
  const ref = attempt?.ref ?? told.by?.receipts.find((receipt) => receipt.providerMessageId)?.providerMessageId
  await tx.query(
    `update notifications set state = $3, reason_code = $4, reason_text = $5, due_at = null, delivered_at = $6,
       opened_at = $7, clicked_at = $8, provider = coalesce(provider, $9), sent_at = coalesce(sent_at, $11),
       provider_message_id = case when coalesce(provider, $9) = $9 then coalesce(provider_message_id, $10) else provider_message_id end
     where id = $1 and state = $2`,
    [
      ...[n.id, n.state, state, why?.code ?? null, why?.text ?? null],
      ...[told.deliveredAt, told.openedAt, told.clickedAt],
      ...[attempt?.provider ?? null, ref ?? null, attempt?.endedAt ?? attempt?.startedAt ?? null],
    ],
  )
}

async function markApplied(tx: Tx, about: About[], rows: Row[], now: Date): Promise<void> {
  const attempts = new Map(about.map(({ row, attempt }) => [row.id, attempt.id]))
  await tx.query(
    `update receipts r set attempt_id = a.attempt_id, applied_at = coalesce(r.applied_at, $2), try_at = null
     from json_to_recordset($1) as a(id uuid, attempt_id uuid)
     where r.id = a.id and (r.applied_at is null or r.attempt_id is distinct from a.attempt_id)`,
    [toJson(rows.map(({ id }) => ({ id, attempt_id: attempts.get(id) ?? null }))), now],
  )
}
