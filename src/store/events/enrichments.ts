// What sources are asked about their events, and what they answered. An event has one such question at most; a replay asks
// it anew.
import { reason } from '../../domain/reason.ts'
import { type Reader, type Tx, toJson } from '../db.ts'

/** Puts the event's plan off until its source was asked. False where that is so already. */
export async function openLookUp(tx: Tx, eventId: string, asked: object, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into event_enrichments as l (event_id, asked, state, opened_at) values ($1, $2, 'open', $3)
     on conflict (event_id) do update set asked = excluded.asked, state = 'open', opened_at = $3, tries = 0,
       ended_at = null, found = null, reason_text = null
     where l.state <> 'open'`,
    [eventId, toJson(asked), now],
  )
  if (rowCount === 0) return false
  const { code, text } = reason('looking_up')
  await tx.query(
    `update events set due_at = $2, reason_code = $3, reason_text = $4, plan_tries = 0 where id = $1 and status = 'accepted'`,
    [eventId, now, code, text],
  )
  return true
}

/** When an open look-up is due; null where there is none. */
export async function lookUpDueAt(db: Reader, eventId: string): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date }>(
    `select e.due_at from events e join event_enrichments l on l.event_id = e.id
     where e.id = $1 and l.state = 'open' and e.status = 'accepted'`,
    [eventId],
  )
  return rows[0]?.due_at ?? null
}

/** An open look-up of an event, as it was read: it changes only where nobody has asked since. */
export interface OpenLookUp {
  eventId: string
  tries: number
}

/** To be asked again at `dueAt`. False where someone else has been there. */
export async function putOff(
  tx: Tx,
  { eventId, tries }: OpenLookUp,
  { text, dueAt }: { text: string; dueAt: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update event_enrichments set tries = tries + 1, reason_text = $3 where event_id = $1 and state = 'open' and tries = $2`,
    [eventId, tries, text],
  )
  if (rowCount === 0) return false
  await tx.query(`update events set due_at = $2, reason_text = $3 where id = $1 and status = 'accepted'`, [
    eventId,
    dueAt,
    reason('looking_up', text).text,
  ])
  return true
}

/** With an answer go the names that the event can be found by from now on, the shown one first. */
export type LookUpEnd = { found: object; references: string[] } | { text: string }

/** Ends it, with an answer or without: the event is to be planned. False where someone else has been there. */
export async function endLookUp(tx: Tx, { eventId, tries }: OpenLookUp, end: LookUpEnd, now: Date): Promise<boolean> {
  const found = 'found' in end ? end.found : null
  const { rowCount } = await tx.query(
    `update event_enrichments set tries = tries + 1, state = $3, found = $4, reason_text = $5, ended_at = $6
     where event_id = $1 and state = 'open' and tries = $2`,
    [eventId, tries, found ? 'answered' : 'failed', found && toJson(found), 'text' in end ? end.text : null, now],
  )
  if (rowCount === 0) return false
  await tx.query(
    `update events set due_at = $2, reason_code = null, reason_text = null, reference = coalesce(($3::text[])[1], reference),
       reference_names = coalesce($3::text[], reference_names) where id = $1 and status = 'accepted'`,
    [eventId, now, 'found' in end ? end.references : null],
  )
  return true
}
