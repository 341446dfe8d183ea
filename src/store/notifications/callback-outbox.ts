// The outbox of status changes, which a trigger fills, and the callbacks that report them to apps.
import { statusChangeFact } from '../../domain/fact.ts'
import type { CallbackMessage } from '../../domain/notification.ts'
import { appKey } from '../../domain/recipient-key.ts'
import { query, type Tx, toJson } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { jobOf } from '../jobs/wake.ts'
import { type NotificationRow, notificationColumns } from './audit.ts'

/** The notifier of these callbacks, which handles no event type. */
export const statusChangeNotifier = 'app-callback'

/** A notification as it was at the change, and its event's id at the source. */
export interface StatusChange extends NotificationRow {
  changeId: string
  app: string
  at: Date
  sourceId: string
}

export interface NewCallback {
  change: StatusChange
  id: string
  type: string
  locale: string
  timezone: string
  message: CallbackMessage
}

/** Sets the apps whose status changes are recorded, and deletes what was recorded for others. */
export async function saveCallbackApps(tx: Tx, apps: string[]): Promise<void> {
  await tx.query('delete from callback_apps where name <> all($1)', [apps])
  await tx.query('delete from callback_outbox where app <> all($1)', [apps])
  await tx.query('insert into callback_apps (name) select unnest($1::text[]) on conflict do nothing', [apps])
}

/** Takes at most `limit` status changes of these apps, in order, when the transaction commits; safe to run concurrently. */
export async function takeStatusChanges(tx: Tx, apps: string[], limit: number): Promise<StatusChange[]> {
  return query<StatusChange>(
    tx,
    `with taken as (
       delete from callback_outbox where id = any(array(
         select id from callback_outbox where app = any($1) order by id limit $2 for update skip locked)) returning *)
     select t.id as change_id, t.app, t.at, e.source_id, ${notificationColumns}
     from taken t cross join lateral json_populate_record(null::notifications, t.notification) n
     join events e on e.id = n.event_id order by t.id`,
    [apps, limit],
  )
}

/** Inserts callbacks with their messages and jobs. Where retention has passed the event, retention runs again for the event. */
export async function insertCallbacks(tx: Tx, jobs: Jobs, callbacks: NewCallback[], now: Date): Promise<void> {
  const rows = callbacks.map(({ change, id, type, locale, timezone, message }) => ({
    ...{ id, type, locale, timezone, address: message.to, content: message },
    ...{ fact: statusChangeFact(change.changeId), recipient_key: appKey(change.app), app: change.app },
    ...{ event_id: change.eventId, reference: change.reference },
  }))
  await tx.query(
    `with made as (
       insert into notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
         recipient_id, recipient_key, address, locale, timezone, reference, priority, when_unsure, created_at)
       select id, event_id, type, (select e.source_type from events e where e.id = event_id), app, fact,
         '${statusChangeNotifier}', 'transactional', 'callback', app, recipient_key, address, locale, timezone, reference,
         'normal', 'resend', $2
       from json_to_recordset($1) as c(id uuid, event_id uuid, type text, app text, fact text,
         recipient_key text, address text, locale text, timezone text, reference text)
       returning id, event_id, channel, priority, created_at),
     waiting as (
       insert into notification_states (id, channel, priority, created_at, state, reason_code, due_at)
       select id, channel, priority, created_at, 'pending', 'due', created_at from made),
     late as (
       insert into events_with_addresses select id from events where id in (select event_id from made) and forgotten_at is not null
       on conflict do nothing)
     insert into messages (notification_id, content)
     select id, content from json_to_recordset($1) as c(id uuid, content json)`,
    [toJson(rows), now],
  )
  await jobs.enqueue(
    tx,
    rows.map(({ id }) => jobOf({ id, channel: 'callback', priority: 'normal' })),
  )
}
