// Removes a person from the rows of others: notifications of an event that named both.
import type { StoredCode } from '../../domain/coded.ts'
import { query, type Tx, toRecords } from '../db.ts'
import { type Anonymizer, idsOf, inParams, keyAfter, orNull } from './anonymize.ts'

interface Row {
  id: string
  channel: string
  eventType: string
  sourceType: string
  recipientId: string | null
  recipientKey: string
  reference: string | null
  subject: string | null
  fact: string
  reasonParams: StoredCode['params']
}

/** The notifications of these events, except these. */
export async function notificationsBeside(tx: Tx, eventIds: string[], those: string[]): Promise<string[]> {
  const rows = await query<{ id: string }>(tx, 'select id from notification_details where event_id = any($1)', [
    eventIds,
  ])
  const known = new Set(those)
  return rows.map(({ id }) => id).filter((id) => !known.has(id))
}

/** Whatever in them names the person becomes a pseudonym. Their addresses and states stay. */
export async function anonymizeOthers(
  tx: Tx,
  ids: string[],
  { always, person, name, text }: Anonymizer,
): Promise<void> {
  const rows = await query<Row>(
    tx,
    `select id, channel, event_type, source_type, recipient_id, recipient_key, reference, subject, fact, reason_params
     from notifications where id = any($1)`,
    [ids],
  )
  const changed: Row[] = []
  for (const row of rows) {
    const recipientId = await orNull(person, row.recipientId)
    const after: Row = {
      ...row,
      eventType: await name(row.eventType),
      sourceType: await name(row.sourceType),
      recipientId,
      // The key holds the id.
      recipientKey: recipientId === row.recipientId ? row.recipientKey : await keyAfter(row, always),
      reference: await orNull(name, row.reference),
      subject: await orNull(text, row.subject),
      fact: await name(row.fact),
      reasonParams: await inParams(text, row.reasonParams),
    }
    if (JSON.stringify(after) !== JSON.stringify(row)) changed.push(after)
  }
  if (changed.length === 0) return
  await tx.query(
    `with c as materialized (
       select * from json_to_recordset($1) as c(id uuid, event_type text, source_type text, recipient_id text,
         recipient_key text, reference text, subject text, fact text, reason_params json)),
     details as (
       update notification_details n set event_type = c.event_type, source_type = c.source_type,
         recipient_id = c.recipient_id, recipient_key = c.recipient_key, reference = c.reference, subject = c.subject, fact = c.fact
       from c where n.id = c.id and n.id = any($2))
     update notification_states n set reason_params = c.reason_params from c where n.id = c.id and n.id = any($2)`,
    [toRecords(changed), idsOf(changed)],
  )
}
