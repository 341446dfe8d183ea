// What open.ts decides on: the notifications of a batch, locked, and their histories.
// writes.ts writes what was decided.
import type { Look, OutcomeKind, PastAttempt } from '../../domain/attempt.ts'
import type { Deliverable } from '../../domain/deliverable.ts'
import type { Priority } from '../../domain/event.ts'
import type { Channel, Message, State, WhenUnsure } from '../../domain/notification.ts'
import type { QuietHours } from '../../domain/quiet-hours.ts'
import type { Tx } from '../db.ts'
import { overtakenBy, stopOf } from '../events/stops.ts'
import { lastWord, optedOut } from '../people/preferences.ts'

interface Row {
  id: string
  notifier: string
  channel: Channel
  to: string | null
  state: State
  priority: Priority
  when_unsure: WhenUnsure
  timezone: string
  quiet_hours: QuietHours | null
  expires_at: Date | null
  due_at: Date | null
  restarted_after: number
  begun: boolean
  generation: number
  suppressed: string | null
  allowed: boolean | null
  said_by: string
  said_at: Date
  stop: string | null
  stop_type: string
  content: Message | null
}

const lastWordAbout = lastWord({
  recipientId: 'n.recipient_id',
  address: 'lower(n."to")',
  category: 'n.category',
  channel: 'n.channel',
})

/**
 * Locks the rows in one order, so that batches with the same ids wait in line instead of for each other. Not a named
 * statement, as none is that looks rows up: a plan made while the tables were small would be kept.
 */
export async function lock(tx: Tx, ids: string[]): Promise<Map<string, Deliverable>> {
  const { rows } = await tx.query<Row>({
    text: `select n.id, n.notifier, n.channel, n."to", n.state, n.priority, n.when_unsure, n.timezone, n.quiet_hours, n.expires_at, n.due_at,
             n.restarted_after, n.generation, n.begun, m.content, s.reason as suppressed,
             w.allowed, w.said_by, w.said_at,
             stop.id as stop, stop.type as stop_type
           from notifications n
           left join messages m on m.notification_id = n.id
           left join suppressions s on s.channel = n.channel and s.address = lower(n."to")
           left join lateral (${lastWordAbout}) as w on true
           left join lateral (${stopOf('n')}) as stop on n.stopped_by is not null
           where n.id = any($1) order by n.id for update of n`,
    values: [ids],
  })
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        notifier: row.notifier,
        channel: row.channel,
        to: row.to,
        state: row.state,
        priority: row.priority,
        whenUnsure: row.when_unsure,
        timezone: row.timezone,
        quietHours: row.quiet_hours,
        expiresAt: row.expires_at,
        dueAt: row.due_at,
        restartedAfter: row.restarted_after,
        begun: row.begun,
        generation: row.generation,
        suppressed: row.suppressed,
        optedOut: row.allowed === false ? optedOut(row.said_by, row.said_at) : null,
        overtaken: row.stop ? overtakenBy({ id: row.stop, type: row.stop_type }) : null,
        message: row.content,
      },
    ]),
  )
}

interface AttemptRow {
  id: string
  notification_id: string
  number: number
  round: number
  provider: string
  outcome: OutcomeKind | null
  blame: 'message' | 'provider' | null
  likely_taken: boolean
  retry_after_ms: number | null
  started_at: Date
  ended_at: Date | null
  verdict: 'taken' | 'not_taken' | null
  looks: { at: string; answer: Look['answer'] }[] | null
}

export async function historiesOf(tx: Tx, ids: string[]): Promise<Map<string, PastAttempt[]>> {
  const { rows } = await tx.query<AttemptRow>({
    text: `select a.id, a.notification_id, a.number, a.round, a.provider, a.outcome, a.blame, a.likely_taken, a.retry_after_ms,
             a.started_at, a.ended_at, s.verdict,
             case when a.outcome = 'unknown' then (select json_agg(json_build_object('at', l.at, 'answer', l.answer) order by l.at)
               from look_ups l where l.attempt_id = a.id) end as looks
           from attempts a left join settlements s on s.attempt_id = a.id
           where a.notification_id = any($1) order by a.notification_id, a.number`,
    values: [ids],
  })
  const histories = new Map<string, PastAttempt[]>()
  for (const row of rows)
    histories.set(row.notification_id, [...(histories.get(row.notification_id) ?? []), toPastAttempt(row)])
  return histories
}

function toPastAttempt(row: AttemptRow): PastAttempt {
  return {
    id: row.id,
    number: row.number,
    round: row.round,
    provider: row.provider,
    outcome: row.outcome,
    blame: row.blame,
    likelyTaken: row.likely_taken,
    retryAfterMs: row.retry_after_ms,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    verdict: row.verdict,
    looks: (row.looks ?? []).map(({ at, answer }) => ({ at: new Date(at), answer })),
  }
}
