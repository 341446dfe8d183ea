// Closes open attempts whose message a provider has accepted: most attempts, and the only answers that need no decision.
import { query, type Reader, toJson } from '../db.ts'

export interface AcceptedAnswer {
  notificationId: string
  number: number
  /** The provider's id of the message, if its answer had one. */
  ref: string | null
  statusCode: number | null
  text: string | null
  endedAt: Date
}

/**
 * Closes the attempts that are still open, moves their notifications to `sent`, and returns the notifications' ids. The states are
 * locked first, in one order, so that batches cannot deadlock; an attempt that was given up meanwhile is left alone, also if
 * another call is open by now. One statement is one transaction.
 */
export async function closeAccepted(db: Reader, answers: AcceptedAnswer[]): Promise<Set<string>> {
  if (answers.length === 0) return new Set()
  const rows = answers.map(({ notificationId, number, ref, statusCode, text, endedAt }) => ({
    ...{ notification_id: notificationId, number, ended_at: endedAt },
    ...{ status_code: statusCode, error: text, provider_message_id: ref },
  }))
  const closed = await query<{ id: string }>(
    db,
    `with answers as materialized (
       select r.* from json_to_recordset($1) as r(notification_id uuid, number integer, ended_at timestamptz, status_code integer,
         error text, provider_message_id text)
       join notification_states n on n.id = r.notification_id where n.state = 'sending' order by n.id for update of n),
     closed as (
       update attempts a set ended_at = r.ended_at, outcome = 'accepted', status_code = r.status_code, error = r.error,
         provider_message_id = r.provider_message_id
       from answers r where a.notification_id = r.notification_id and a.number = r.number and a.outcome is null
       returning a.notification_id, a.provider, a.provider_message_id, a.ended_at)
     update notification_states n set state = 'sent', reason_code = null, reason_params = null, due_at = null,
       provider = c.provider, provider_message_id = coalesce(c.provider_message_id, n.provider_message_id), sent_at = c.ended_at
     from closed c where n.id = c.notification_id returning n.id`,
    [toJson(rows)],
  )
  return new Set(closed.map(({ id }) => id))
}
