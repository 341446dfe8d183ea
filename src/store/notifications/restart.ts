// Restarts notifications at a person's request, guarded by the states that allow it.
import type { StoredCode } from '../../domain/coded.ts'
import type { Priority } from '../../domain/event.ts'
import { type Channel, copyUsedBy, type Message, type State } from '../../domain/notification.ts'
import type { Entry } from '../../domain/timeline.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { jobOf } from '../jobs/wake.ts'
import { noWrites, write } from '../writes.ts'

/** The result of an operator's action on one notification; `detail` says why its state does not allow the action. */
export type ActionResult = { kind: 'done' } | { kind: 'unknown' } | { kind: 'refused'; detail: string }

/** A notification as an action reads it, before it is locked. */
export interface Restartable {
  id: string
  eventId: string
  notifier: string
  channel: Channel
  recipientKey: string
  state: State
  reasonCode: string | null
  reasonParams: StoredCode['params']
  expiresAt: Date | null
  /** Retention has removed its message, or its address too. */
  isForgotten: boolean
  /** False if it was never rendered, or retention has removed the message. */
  hasMessage: boolean
}

/** `offset 0` keeps the planner from reading the messages of all days at once: each id is looked for in its own day. */
export const restartableColumns = `n.id, n.event_id, n.notifier, n.channel, n.recipient_key, n.state,
  n.reason_code, n.reason_params, n.expires_at,
  n.content_removed_at is not null or n.forgotten_at is not null as is_forgotten,
  exists (select from messages m where m.notification_id = n.id offset 0) as has_message`

export async function findRestartable(db: Reader, id: string): Promise<Restartable | null> {
  const rows = await query<Restartable>(db, `select ${restartableColumns} from notifications n where n.id = $1`, [id])
  return rows[0] ?? null
}

export interface Restart {
  id: string
  /** It moves from this state only. */
  from: State
  /** Whether a provider had accepted its message: then it is sent again under a new idempotency key. */
  newKey: boolean
  /** The message, if it had none. */
  message: Message | null
  entry: Entry
}

/** Resets notifications to `pending`, due now, without counted attempts. Returns those that were still in their `from` state. */
export async function restart(tx: Tx, jobs: Jobs, restarts: Restart[], now: Date): Promise<Set<string>> {
  if (restarts.length === 0) return new Set()
  // In the order in which every batch locks them.
  await tx.query('select from notification_states where id = any($1) order by id for update', [
    restarts.map((r) => r.id),
  ])
  const rows = await query<{ id: string; channel: Channel; priority: Priority }>(
    tx,
    `with r as materialized (
       select * from json_to_recordset($1) as r(id uuid, "from" text, new_key boolean, subject text, words json)),
     moved as (
       update notification_states n set state = 'pending', reason_code = 'due', reason_params = null, due_at = $2,
         restarted_after = (select coalesce(max(a.number), 0) from attempts a where a.notification_id = n.id),
         generation = n.generation + case when r.new_key then 1 else 0 end, attempted = false, provider = null,
         provider_message_id = null, sent_at = null, delivered_at = null, opened_at = null, clicked_at = null
       from r where n.id = r.id and n.state = r."from" and n.content_removed_at is null
         and n.forgotten_at is null returning n.id, r.subject, r.words)
     update notification_details n set expires_at = case when n.expires_at <= $2 then null else n.expires_at end,
       subject = coalesce(moved.subject, n.subject), words = coalesce(moved.words, n.words)
     from moved where n.id = moved.id returning n.id, n.channel, n.priority`,
    [
      toJson(
        restarts.map(({ id, from, newKey, message }) => ({
          id,
          from,
          new_key: newKey,
          subject: message?.channel === 'email' ? message.subject : null,
          words: copyUsedBy(message),
        })),
      ),
      now,
    ],
  )
  const moved = new Set(rows.map((row) => row.id))
  const done = restarts.filter((r) => moved.has(r.id))
  await tx.query(
    `insert into messages (notification_id, content)
     select notification_id, content from json_to_recordset($1) as m(notification_id uuid, content json)
     on conflict do nothing`,
    [toJson(done.flatMap((r) => (r.message ? [{ notification_id: r.id, content: r.message }] : [])))],
  )
  await write(tx, jobs, {
    ...noWrites(),
    entries: done.map((r) => ({ notificationId: r.id, at: now, entry: r.entry })),
    newJobs: rows.map((row) => jobOf(row)),
  })
  return moved
}
