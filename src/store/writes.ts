// Collects a transaction's writes to notifications and attempts, and performs them with one statement for each table.
import type { Outcome } from '../domain/attempt.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import { paramsOf } from '../domain/coded.ts'
import type { Deliverable, Move, Suppression } from '../domain/deliverable.ts'
import type { State } from '../domain/notification.ts'
import type { Reason } from '../domain/reason.ts'
import type { Entry } from '../domain/timeline.ts'
import { type Tx, toJson } from './db.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Job } from './jobs/queues.ts'
import { jobOf } from './jobs/wake.ts'
import { together } from './together.ts'

export interface Writes {
  closings: { notificationId: string; number: number; outcome: Outcome; endedAt: Date }[]
  openings: {
    notificationId: string
    id: string
    number: number
    round: number
    provider: string
    cause: AttemptCause
    startedAt: Date
  }[]
  moves: {
    id: string
    state: State
    reason: Reason | null
    dueAt: Date | null
    provider?: string
    providerMessageId?: string | null
    sentAt?: Date
    givenUpAt?: Date
  }[]
  entries: { notificationId: string; at: Date; entry: Entry }[]
  suppressions: Suppression[]
  newJobs: Job[]
}

export function noWrites(): Writes {
  return { closings: [], openings: [], moves: [], entries: [], suppressions: [], newJobs: [] }
}

/** Adds a notification's move, its timeline entry, and the job for what follows. */
export function addMove(
  writes: Writes,
  n: Deliverable,
  { state, reason, dueAt, entry, accepted }: Move,
  at: Date,
): void {
  writes.moves.push({
    id: n.id,
    state,
    reason,
    dueAt,
    ...(state === 'failed' && { givenUpAt: at }),
    ...(accepted && { provider: accepted.provider, providerMessageId: accepted.ref, sentAt: accepted.at }),
  })
  if (entry) writes.entries.push({ notificationId: n.id, at, entry })
  if (dueAt) writes.newJobs.push(jobOf(n, dueAt.getTime() <= at.getTime() ? undefined : dueAt))
}

export async function write(tx: Tx, jobs: Jobs, writes: Writes): Promise<void> {
  await together(
    closeRows(tx, writes.closings),
    openRows(tx, writes.openings),
    moveRows(tx, writes.moves),
    addEntries(tx, writes.entries),
    suppress(tx, writes.suppressions),
    jobs.enqueue(tx, writes.newJobs),
  )
}

async function closeRows(tx: Tx, closings: Writes['closings']): Promise<void> {
  if (closings.length === 0) return
  const rows = closings.map(({ notificationId, number, outcome, endedAt }) => ({
    notification_id: notificationId,
    number,
    ended_at: endedAt,
    outcome: outcome.kind,
    blame: outcome.kind === 'rejected' ? outcome.blame : null,
    likely_taken: outcome.kind === 'unknown' && (outcome.likelyTaken ?? false),
    retry_after_ms: outcome.kind === 'deferred' ? inInteger(outcome.retryAfterMs) : null,
    status_code: outcome.statusCode ?? null,
    error_code: outcome.kind === 'accepted' ? null : outcome.code,
    error: outcome.text ?? null,
    provider_message_id: outcome.kind === 'accepted' ? outcome.ref : null,
  }))
  await tx.query({
    text: `update attempts a set ended_at = c.ended_at, outcome = c.outcome, blame = c.blame, likely_taken = c.likely_taken,
             retry_after_ms = c.retry_after_ms, status_code = c.status_code, error_code = c.error_code, error = c.error,
             provider_message_id = c.provider_message_id
           from json_to_recordset($1) as c(notification_id uuid, number integer, ended_at timestamptz, outcome text, blame text,
             likely_taken boolean, retry_after_ms integer, status_code integer, error_code text, error text,
             provider_message_id text)
           where a.notification_id = c.notification_id and a.number = c.number and a.outcome is null`,
    values: [toJson(rows)],
  })
}

/** Caps a pause at the column's maximum, 24 days. */
function inInteger(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.min(Math.ceil(ms), 2 ** 31 - 1)
}

async function openRows(tx: Tx, openings: Writes['openings']): Promise<void> {
  if (openings.length === 0) return
  const rows = openings.map(({ notificationId, id, number, round, provider, cause, startedAt }) => ({
    id,
    notification_id: notificationId,
    number,
    round,
    provider,
    cause: cause.code,
    cause_params: paramsOf(cause),
    started_at: startedAt,
  }))
  await tx.query({
    name: 'open-attempts',
    text: `insert into attempts (id, notification_id, number, round, provider, cause, cause_params, started_at)
           select id, notification_id, number, round, provider, cause, cause_params, started_at
           from json_to_recordset($1) as o(id uuid, notification_id uuid, number integer, round integer, provider text,
             cause text, cause_params json, started_at timestamptz)`,
    values: [toJson(rows)],
  })
}

async function moveRows(tx: Tx, moves: Writes['moves']): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map((move) => ({
    id: move.id,
    state: move.state,
    reason_code: move.reason?.code ?? null,
    reason_params: paramsOf(move.reason),
    due_at: move.dueAt,
    provider: move.provider ?? null,
    provider_message_id: move.providerMessageId ?? null,
    sent_at: move.sentAt ?? null,
    given_up_at: move.givenUpAt ?? null,
  }))
  // The states were read under the rows' locks; the guard also refuses to move a final state.
  await tx.query({
    text: `update notification_states n set state = m.state, reason_code = m.reason_code, reason_params = m.reason_params,
             due_at = m.due_at, provider = coalesce(m.provider, n.provider),
             provider_message_id = coalesce(m.provider_message_id, n.provider_message_id),
             sent_at = coalesce(m.sent_at, n.sent_at), given_up_at = coalesce(m.given_up_at, n.given_up_at),
             attempted = n.attempted or m.state = 'sending'
           from json_to_recordset($1) as m(id uuid, state text, reason_code text, reason_params json, due_at timestamptz,
             provider text, provider_message_id text, sent_at timestamptz, given_up_at timestamptz)
           where n.id = m.id and n.state = any('{scheduled,pending,sending,unconfirmed}')`,
    values: [toJson(rows)],
  })
}

async function addEntries(tx: Tx, entries: Writes['entries']): Promise<void> {
  if (entries.length === 0) return
  await tx.query({
    name: 'add-timeline-entries',
    text: `insert into timeline_entries (notification_id, at, code, params)
           select notification_id, at, code, params
           from json_to_recordset($1) as e(notification_id uuid, at timestamptz, code text, params json)`,
    values: [
      toJson(
        entries.map(({ notificationId, at, entry: { code, params } }) => ({
          ...{ notification_id: notificationId, at, code, params },
        })),
      ),
    ],
  })
}

async function suppress(tx: Tx, suppressions: Writes['suppressions']): Promise<void> {
  if (suppressions.length === 0) return
  await tx.query(
    `insert into suppressions (channel, address, reason, source, created_at)
     select channel, lower(address), reason, source, at
     from json_to_recordset($1) as s(channel text, address text, reason text, source text, at timestamptz)
     -- In one order, so that two reports about the same addresses cannot deadlock.
     order by channel, lower(address), reason
     on conflict do nothing`,
    [toJson(suppressions)],
  )
}
