// What sources were asked about their events: opened by plan.ts, asked by plan/enrich.ts, and read with the event by whoever
// translates it again. An event has one at most; a replay opens it anew.
import type { Priority } from '../../domain/event.ts'
import { reason } from '../../domain/reason.ts'
import { type Db, type Reader, toJson, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { StoredEvent } from './insert.ts'
import type { EventLookUp } from './load.ts'

/** Puts the event's plan off until its source was asked. Someone else got there first: nothing changes. */
export async function openLookUp(db: Db, jobs: Jobs, event: StoredEvent, asked: object, now: Date): Promise<void> {
  const why = reason('looking_up')
  await transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into event_look_ups as l (event_id, asked, state, opened_at) values ($1, $2, 'open', $3)
       on conflict (event_id) do update set asked = excluded.asked, state = 'open', opened_at = $3, tries = 0,
         ended_at = null, found = null, reason_text = null
       where l.state <> 'open'`,
      [event.id, toJson(asked), now],
    )
    if (rowCount === 0) return
    await tx.query(
      `update events set due_at = $2, reason_code = $3, reason_text = $4, plan_tries = 0 where id = $1 and status = 'accepted'`,
      [event.id, now, why.code, why.text],
    )
    await jobs.ring(tx, [{ stage: 'look-up', priority: 'normal', id: event.id }])
  })
}

/** When an open look-up is due; null where there is none. */
export async function lookUpDueAt(db: Reader, eventId: string): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date }>(
    `select e.due_at from events e join event_look_ups l on l.event_id = e.id
     where e.id = $1 and l.state = 'open' and e.status = 'accepted'`,
    [eventId],
  )
  return rows[0]?.due_at ?? null
}

/** To be asked again at `dueAt`. False where someone else has been there since `tries`. */
export async function putOff(
  db: Db,
  jobs: Jobs,
  { id }: StoredEvent,
  { tries }: EventLookUp,
  { text, dueAt }: { text: string; dueAt: Date },
): Promise<boolean> {
  const why = reason('looking_up', text)
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update event_look_ups set tries = tries + 1, reason_text = $3 where event_id = $1 and state = 'open' and tries = $2`,
      [id, tries, text],
    )
    if (rowCount === 0) return false
    await tx.query(`update events set due_at = $2, reason_text = $3 where id = $1 and status = 'accepted'`, [
      id,
      dueAt,
      why.text,
    ])
    await jobs.ring(tx, [{ stage: 'look-up', priority: 'normal', id, at: dueAt }])
    return true
  })
}

/** With an answer go the names that the event can be found by from now on, the shown one first. */
export type LookUpEnd = { found: object; references: string[] } | { text: string }

/** Ends it, with an answer or without, and rings for the plan. False where someone else has been there since `tries`. */
export async function endLookUp(
  db: Db,
  jobs: Jobs,
  { id, priority }: { id: string; priority: Priority },
  { tries }: EventLookUp,
  end: LookUpEnd,
  now: Date,
): Promise<boolean> {
  const found = 'found' in end ? end.found : null
  return transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update event_look_ups set tries = tries + 1, state = $3, found = $4, reason_text = $5, ended_at = $6
       where event_id = $1 and state = 'open' and tries = $2`,
      [id, tries, found ? 'answered' : 'failed', found && toJson(found), 'text' in end ? end.text : null, now],
    )
    if (rowCount === 0) return false
    await tx.query(
      `update events set due_at = $2, reason_code = null, reason_text = null, reference = coalesce(($3::text[])[1], reference),
         "references" = coalesce($3::text[], "references") where id = $1 and status = 'accepted'`,
      [id, now, 'found' in end ? end.references : null],
    )
    await jobs.ring(tx, [{ stage: 'plan', priority, id }])
    return true
  })
}
