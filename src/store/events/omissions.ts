// Why an event did not make a notification that one would have looked for. plans.ts writes it with the plan.
import { identityOf, type NewNotification, type Reason } from '../../domain/notification.ts'
import { reason } from '../../domain/reason.ts'
import { type Reader, type Tx, toJson } from '../db.ts'

export interface Omission {
  notifier: string
  channel: string | null
  recipientKey: string
  reason: Reason
}

/**
 * Of the notifications, those that another event of the same fact has made. One without an address counts as made where
 * the person was told on its channel at all.
 */
export async function toldByOthers(
  db: Reader,
  eventId: string,
  fact: string,
  notifications: NewNotification[],
): Promise<Omission[]> {
  if (notifications.length === 0) return []
  const { rows } = await db.query<{ notifier: string; channel: string; recipient_key: string; event_id: string }>(
    `select notifier, channel, recipient_key, event_id from notifications where fact = $1 and event_id <> $2
     order by "to" is null`,
    [fact, eventId],
  )
  return notifications.flatMap((n) => {
    const same = rows.find(
      (r) =>
        r.notifier === n.notifier &&
        r.channel === n.channel &&
        (r.recipient_key === n.recipientKey || isLeftOut(n, fact)),
    )
    if (!same) return []
    return [
      {
        notifier: n.notifier,
        channel: n.channel,
        recipientKey: n.recipientKey,
        reason: reason('already_told', `It was event ${same.event_id}.`),
      },
    ]
  })
}

/** Facts that one event tells are of that event's own people. */
function isLeftOut({ to }: NewNotification, fact: string): boolean {
  return to === null && !fact.startsWith('event:')
}

export function isOmitted(n: NewNotification, omissions: Omission[]): boolean {
  return omissions.some((omission) => identityOf(omission) === identityOf(n))
}

export async function insertOmissions(tx: Tx, eventId: string, omissions: Omission[]): Promise<void> {
  if (omissions.length === 0) return
  await tx.query(
    `insert into omissions (event_id, notifier, channel, recipient_key, reason_code, reason_text)
     select $2, notifier, channel, recipient_key, reason_code, reason_text
     from json_to_recordset($1) as o(notifier text, channel text, recipient_key text, reason_code text, reason_text text)
     on conflict do nothing`,
    [
      toJson(
        omissions.map((o) => ({
          notifier: o.notifier,
          channel: o.channel,
          recipient_key: o.recipientKey,
          reason_code: o.reason.code,
          reason_text: o.reason.text,
        })),
      ),
      eventId,
    ],
  )
}
