// Locks notifications for delivery and reads their attempts.
import type { LookUpAnswer, PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable, Sendable } from '../../domain/deliverable.ts'
import type { Message } from '../../domain/notification.ts'
import type { Supersedable } from '../../domain/superseding.ts'
import { query, type Tx } from '../db.ts'
import { possibleStopsOf, type SupersedableRow, toSupersedable } from '../events/stops.ts'
import { traceOf } from '../events/traces.ts'
import { firstSuppression } from '../people/first-suppression.ts'
import { latestPreference } from '../people/preferences.ts'

const deliverable = `n.id, n.channel, n.address as "to", m.state, n.priority, n.when_unsure, n.sandboxed, n.timezone,
  n.quiet_hours, n.expires_at, m.due_at, m.restarted_after, m.attempted`
const rows = 'notification_states m join notification_details n on n.id = m.id'

type Locked = Deliverable & { eventId: string }

/**
 * Locks the rows in one order, so that batches with the same ids cannot deadlock. Not a named statement, because Postgres
 * would keep a plan made while the tables were small.
 */
export async function lock(tx: Tx, ids: string[]): Promise<Map<string, Locked>> {
  const found = await query<Locked>(
    tx,
    `select ${deliverable}, n.event_id from ${rows} where m.id = any($1) order by m.id for update of m`,
    [ids],
  )
  return new Map(found.map((row) => [row.id, row]))
}

const preferenceAbout = latestPreference({
  recipientId: 'n.recipient_id',
  source: 'n.source',
  address: 'lower(n.address)',
  category: 'n.category',
  channel: 'n.channel',
})

/** A notification to send, with the events that may have superseded it; null if there are none. */
export interface ToSend extends Omit<Sendable, 'supersededBy'> {
  supersedable: Supersedable | null
  eventId: string
  /** When it was to be sent; null for at once. */
  scheduledFor: Date | null
  /** The trace of its event; null if it has none, or none was asked for. */
  traceparent: string | null
}

interface SendableRow extends Omit<ToSend, 'optedOut' | 'supersedable'> {
  stoppable: boolean
  allowed: boolean | null
  saidBy: string
  saidAt: Date
}

/** Locks them in the same way, and also reads what may forbid a call, and the trace if asked for; the message is read later. */
export async function lockForOpen(tx: Tx, ids: string[], isTraced: boolean): Promise<Map<string, ToSend>> {
  const found = await query<SendableRow>(
    tx,
    `select ${deliverable}, n.notifier, n.event_id, n.scheduled_for, ${traceOf('n.event_id', '$2')} as traceparent, m.generation,
       s.reason as suppressed, w.allowed, w.said_by, w.said_at, n.stopped_by is not null as stoppable
     from ${rows}
     left join lateral (${firstSuppression('reason', { channel: 'n.channel', address: 'lower(n.address)' })}) as s on true
     left join lateral (${preferenceAbout}) as w on true
     where m.id = any($1) order by m.id for update of m`,
    [ids, isTraced],
  )
  const supersedables = await supersedablesOf(
    tx,
    found.flatMap(({ id, stoppable }) => (stoppable ? [id] : [])),
  )
  return new Map(
    found.map(({ allowed, saidBy, saidAt, stoppable: _, ...row }) => [
      row.id,
      {
        ...row,
        optedOut: allowed === false ? { by: saidBy, at: saidAt } : null,
        supersedable: supersedables.get(row.id) ?? null,
      },
    ]),
  )
}

/** Apart from the lock, because Postgres takes longer to plan it than all the rest, and few notifications may be superseded. */
async function supersedablesOf(tx: Tx, ids: string[]): Promise<Map<string, Supersedable | null>> {
  if (ids.length === 0) return new Map()
  const found = await query<SupersedableRow & { id: string }>(
    tx,
    `select n.id, stop.event, stop.stops from notification_details n cross join lateral (${possibleStopsOf('n')}) as stop
     where n.id = any($1)`,
    [ids],
  )
  return new Map(found.map(({ id, ...row }) => [id, toSupersedable(row)]))
}

/** A message whose JSON is longer is read only by a caller that has the memory for it. Hardly an email is. */
const largeMessageBytes = 128 * 1024

export interface MessagesRead {
  messages: Map<string, Message>
  /** How many bytes those have that are large and were not read. */
  large: Map<string, number>
}

/** The messages of these notifications, of which a call is about to be made: a large one only where `atAnySize` names it. */
export async function messagesOf(tx: Tx, ids: string[], atAnySize: string[] = []): Promise<MessagesRead> {
  if (ids.length === 0) return { messages: new Map(), large: new Map() }
  const sorted = [...ids].sort()
  const found = await query<{ id: string; bytes: number; content: Message | null }>(
    tx,
    // Between the first and the last: by an array alone, a prepared plan reads the tables of all days. `offset 0` keeps the
    // size from being computed twice; a cast to text would take it three times as long.
    `select id, bytes, case when bytes <= $4 or id = any($5) then content end as content
     from (select notification_id as id, content, octet_length(json_send(content)) as bytes from messages
       where notification_id = any($1) and notification_id between $2 and $3 offset 0) as m`,
    [ids, sorted[0], sorted.at(-1), largeMessageBytes, atAnySize],
  )
  return {
    messages: new Map(found.flatMap(({ id, content }) => (content ? [[id, content]] : []))),
    large: new Map(found.flatMap(({ id, bytes, content }) => (content ? [] : [[id, bytes]]))),
  }
}

interface AttemptRow extends Omit<PastAttempt, 'lookUps'> {
  notificationId: string
  lookUps: { at: string; answer: LookUpAnswer['answer'] }[]
}

const columns = `a.id, a.notification_id, a.number, a.round, a.provider, a.outcome, a.error_code, a.blame, a.likely_taken,
  a.retry_after_ms, coalesce(a.provider_message_id, s.provider_message_id) as ref, a.started_at, a.ended_at, s.verdict,
  case when a.outcome = 'unknown' then coalesce((
    select json_agg(json_build_object('at', l.at, 'answer', l.answer) order by l.at)
    from look_ups l where l.attempt_id = a.id), '[]') else '[]' end as look_ups`

/** The attempts of each notification, in order; a settled one has the provider's id from its settlement. */
export async function historiesOf(tx: Tx, ids: string[]): Promise<Map<string, PastAttempt[]>> {
  const rows = await query<AttemptRow>(
    tx,
    `select ${columns} from attempts a left join settlements s on s.attempt_id = a.id
     where a.notification_id = any($1) order by a.notification_id, a.number`,
    [ids],
  )
  return byNotification(ids, rows)
}

/**
 * The same, of the attempts that a delivery decides by: those since a person's last retry, however many there were before, and
 * those
 * of the given numbers.
 */
export async function recentHistoriesOf(
  tx: Tx,
  asked: { id: string; number: number | null }[],
): Promise<Map<string, PastAttempt[]>> {
  const ids = asked.map(({ id }) => id)
  const rows = await query<AttemptRow>(
    tx,
    // `offset 0` keeps it a look into the index for each notification.
    `select ${columns} from unnest($1::uuid[], $2::integer[]) as asked (id, number)
     join notification_states m on m.id = asked.id
     cross join lateral (
       select * from attempts where notification_id = m.id and number > m.restarted_after
       union all
       select * from attempts where notification_id = m.id and number = asked.number and number <= m.restarted_after
       offset 0) as a
     left join settlements s on s.attempt_id = a.id
     order by a.notification_id, a.number`,
    [ids, asked.map(({ number }) => number)],
  )
  return byNotification(ids, rows)
}

function byNotification(ids: string[], rows: AttemptRow[]): Map<string, PastAttempt[]> {
  const histories = new Map<string, PastAttempt[]>(ids.map((id) => [id, []]))
  for (const { notificationId, lookUps, ...row } of rows)
    histories
      .get(notificationId)
      ?.push({ ...row, lookUps: lookUps.map(({ at, answer }) => ({ at: new Date(at), answer })) })
  return histories
}

/** Locks one notification and reads its attempts; null if there is none with that id. */
export async function lockWithHistory(
  tx: Tx,
  id: string,
): Promise<{ notification: Deliverable; history: PastAttempt[] } | null> {
  const notification = (await lock(tx, [id])).get(id)
  return notification ? { notification, history: (await historiesOf(tx, [id])).get(id) ?? [] } : null
}
