// What became of an app's notifications, as the database noted it, and the callbacks that tell the app of it.
import { statusChangeFact } from '../../domain/fact.ts'
import type { CallbackMessage } from '../../domain/notification.ts'
import { appKey } from '../../domain/recipient-key.ts'
import { type Db, type Tx, toJson, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { alarmOf } from '../jobs/wake.ts'
import { type NotificationRow, notificationColumns } from './list.ts'

/** Who the callbacks about fates are by: a notifier that listens to nothing. */
export const fateNotifier = 'app-callback'

/** A notification as it was when it came to this, and the app's own id of the event that made it. */
export interface Fate extends NotificationRow {
  fateId: string
  app: string
  at: Date
  sourceId: string
}

export interface NewCallback {
  fate: Fate
  id: string
  type: string
  locale: string
  timezone: string
  message: CallbackMessage
}

/** The apps whose notifications' fate is noted from now on. What was noted for others is told to nobody. */
export async function keepCallbackApps(db: Db, apps: string[]): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.query('delete from callback_apps where name <> all($1)', [apps])
    await tx.query('delete from fates where app <> all($1)', [apps])
    await tx.query('insert into callback_apps (name) select unnest($1::text[]) on conflict do nothing', [apps])
  })
}

/** Takes at most `limit` fates of these apps, in order: whose transaction commits has told them. Others may do the same at once. */
export async function takeFates(tx: Tx, apps: string[], limit: number): Promise<Fate[]> {
  const { rows } = await tx.query<Fate>(
    `with taken as (
       delete from fates where id in (
         select id from fates where app = any($1) order by id limit $2 for update skip locked) returning *)
     select t.id as "fateId", t.app, t.at, e.source_id as "sourceId", ${notificationColumns}
     from taken t cross join lateral json_populate_record(null::notifications, t.notification) n
     join events e on e.id = n.event_id order by t.id`,
    [apps, limit],
  )
  return rows
}

/** With their messages and their jobs. */
export async function insertCallbacks(tx: Tx, jobs: Jobs, callbacks: NewCallback[], now: Date): Promise<void> {
  const rows = callbacks.map(({ fate, id, type, locale, timezone, message }) => ({
    ...{ id, type, locale, timezone, to: message.to, content: message },
    ...{ fact: statusChangeFact(fate.fateId), recipient_key: appKey(fate.app), app: fate.app },
    ...{ event_id: fate.event_id, reference: fate.reference },
  }))
  await tx.query(
    `with made as (
       insert into notifications (id, event_id, event_type, source, fact, notifier, category, channel, recipient_id,
         recipient_key, "to", locale, timezone, reference, state, reason_code, priority, when_unsure, due_at, created_at)
       select id, event_id, type, app, fact, '${fateNotifier}', 'transactional', 'callback', app,
         recipient_key, "to", locale, timezone, reference, 'pending', 'due', 'normal', 'resend', $2, $2
       from json_to_recordset($1) as c(id uuid, event_id uuid, type text, app text, fact text,
         recipient_key text, "to" text, locale text, timezone text, reference text))
     insert into messages (notification_id, content)
     select id, content from json_to_recordset($1) as c(id uuid, content json)`,
    [toJson(rows), now],
  )
  await jobs.ring(
    tx,
    rows.map(({ id }) => alarmOf({ id, channel: 'callback', priority: 'normal' })),
  )
}
