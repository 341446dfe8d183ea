// Omissions (why an expected notification was not made), and the notifications that other events made of the same fact.
import { paramsOf } from '../../domain/coded.ts'
import type { NotificationOfFact, Omission } from '../../domain/notification.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'

/** The fact's notifications by other events, those with an address first. */
export async function notificationsOfFact(db: Reader, fact: string, eventId: string): Promise<NotificationOfFact[]> {
  return query<NotificationOfFact>(
    db,
    `select notifier, channel, recipient_key, event_id from notification_details
     where fact = $1 and event_id <> $2 order by address is null`,
    [fact, eventId],
  )
}

export interface OmissionOfEvent extends Omission {
  eventId: string
}

export async function insertOmissions(tx: Tx, omissions: OmissionOfEvent[]): Promise<void> {
  if (omissions.length === 0) return
  await tx.query(
    `insert into omissions (event_id, notifier, channel, recipient_key, reason_code, reason_params)
     select event_id, notifier, channel, recipient_key, reason_code, reason_params
     from json_to_recordset($1) as o(event_id uuid, notifier text, channel text, recipient_key text, reason_code text,
       reason_params json)
     on conflict do nothing`,
    [
      toJson(
        omissions.map((o) => ({
          event_id: o.eventId,
          notifier: o.notifier,
          channel: o.channel,
          recipient_key: o.recipientKey,
          reason_code: o.reason.code,
          reason_params: paramsOf(o.reason),
        })),
      ),
    ],
  )
}
