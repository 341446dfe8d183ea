// Enrichments: what sources are asked about events, and their answers. An event has at most one; a replay repeats it.
import { paramsOf } from '../../domain/coded.ts'
import { reason } from '../../domain/reason.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'

/** Postpones the event's plan until its source has been asked. False if that has already been done. */
export async function openEnrichment(tx: Tx, eventId: string, asked: object, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into event_enrichments as l (event_id, asked, state, opened_at) values ($1, $2, 'open', $3)
     on conflict (event_id) do update set asked = excluded.asked, state = 'open', opened_at = $3, tries = 0,
       ended_at = null, found = null, reason_text = null
     where l.state <> 'open'`,
    [eventId, toJson(asked), now],
  )
  if (rowCount === 0) return false
  await tx.query(
    `update events set due_at = $2, reason_code = $3, reason_params = null, plan_tries = 0 where id = $1 and status = 'accepted'`,
    [eventId, now, reason('enriching').code],
  )
  return true
}

/** When an open enrichment is due; null if there is none. */
export async function enrichmentDueAt(db: Reader, eventId: string): Promise<Date | null> {
  const rows = await query<{ dueAt: Date }>(
    db,
    `select e.due_at from events e join event_enrichments l on l.event_id = e.id
     where e.id = $1 and l.state = 'open' and e.status = 'accepted'`,
    [eventId],
  )
  return rows[0]?.dueAt ?? null
}

/**
 * Begins a try to ask, and counts it: the answer is how many there were in a row, this one included. Null if it is not due, as
 * when another try has it until its `until`. Null also, for `untried`, if a try was counted before.
 */
export async function beginEnrichment(
  db: Reader,
  eventId: string,
  { which, now, until }: { which: 'untried' | 'tried'; now: Date; until: Date },
): Promise<number | null> {
  const [started] = await query<{ tries: number }>(
    db,
    `update events e set plan_tries = plan_tries + 1, due_at = $3
     where e.id = $1 and e.status = 'accepted' and e.due_at <= $2 and (e.plan_tries = 0 or $4)
       and exists (select from event_enrichments l where l.event_id = e.id and l.state = 'open')
     returning e.plan_tries as tries`,
    [eventId, now, until, which === 'tried'],
  )
  return started?.tries ?? null
}

/** Lets the next try begin. `uncounted`: this one failed through no fault of the event. */
export async function endEnrichmentTry(db: Reader, eventId: string, dueAt: Date, uncounted: boolean): Promise<void> {
  await db.query(
    `update events e set due_at = $2, plan_tries = greatest(plan_tries - $3::integer, 0)
     where e.id = $1 and e.status = 'accepted'
       and exists (select from event_enrichments l where l.event_id = e.id and l.state = 'open')`,
    [eventId, dueAt, uncounted ? 1 : 0],
  )
}

/** An open enrichment as it was read; the statements below change it only if its tries are still the same. */
export interface OpenEnrichment {
  eventId: string
  tries: number
}

/** Schedules the next try at `dueAt`. False if another worker was faster. */
export async function postponeEnrichment(
  tx: Tx,
  { eventId, tries }: OpenEnrichment,
  { text, dueAt }: { text: string; dueAt: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update event_enrichments set tries = tries + 1, reason_text = $3 where event_id = $1 and state = 'open' and tries = $2`,
    [eventId, tries, text],
  )
  if (rowCount === 0) return false
  await tx.query(
    `update events set due_at = $2, reason_params = $3, plan_tries = 0 where id = $1 and status = 'accepted'`,
    [eventId, dueAt, paramsOf(reason('enriching', { detail: text }))],
  )
  return true
}

/** An answer, with what the event is from now on (the shown reference first), or the error. */
export type EnrichmentEnd =
  | { found: object; type: string; fact: string | null; references: string[]; mentions: string[] }
  | { text: string }

/** Ends it, with or without an answer, so that the event is planned. False if another worker was faster. */
export async function endEnrichment(
  tx: Tx,
  { eventId, tries }: OpenEnrichment,
  end: EnrichmentEnd,
  now: Date,
): Promise<boolean> {
  const found = 'found' in end ? end.found : null
  const { rowCount } = await tx.query(
    `update event_enrichments set tries = tries + 1, state = $3, found = $4, reason_text = $5, ended_at = $6
     where event_id = $1 and state = 'open' and tries = $2`,
    [eventId, tries, found ? 'answered' : 'failed', found && toJson(found), 'text' in end ? end.text : null, now],
  )
  if (rowCount === 0) return false
  await tx.query(
    `update events set due_at = $2, plan_tries = 0, reason_code = null, reason_params = null, reference = coalesce(($3::text[])[1], reference),
       reference_names = coalesce($3::text[], reference_names), mentions = coalesce($4::text[], mentions),
       type = coalesce($5, type), fact = coalesce(fact, $6) where id = $1 and status = 'accepted'`,
    [eventId, now, ...('found' in end ? [end.references, end.mentions, end.type, end.fact] : [null, null, null, null])],
  )
  return true
}
