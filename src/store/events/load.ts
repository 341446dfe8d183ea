// Loads events with what their translation needs: the row, the raw body and the enrichment.
import type { EventEnrichment, FoundEvent } from '../../domain/stored-event.ts'
import { query, type Reader } from '../db.ts'
import { type EventRow, eventColumns, toEvent } from './stored.ts'

export type FoundRow = EventRow & { raw: Buffer | null; enrichment: EventEnrichment | null }

/** A longer body is read by itself: parsed, it takes many times its size. */
export const largeBodyBytes = 262_144

/** The columns of an event `e` with `foundJoins`. */
const foundColumns = (
  raw = 'b.raw',
) => `${eventColumns}, ${raw}, case when l.event_id is not null then json_build_object(
    'state', l.state, 'tries', l.tries, 'openedAt', l.opened_at, 'endedAt', l.ended_at, 'found', l.found, 'text', l.reason_text) end as enrichment`
/** Without a large body, which may be one of many. */
const startedColumns = foundColumns(`case when octet_length(b.raw) <= ${largeBodyBytes} then b.raw end as raw,
  coalesce(octet_length(b.raw) > ${largeBodyBytes}, false) as is_large`)
const foundJoins = 'left join event_enrichments l on l.event_id = e.id left join event_bodies b on b.event_id = e.id'

/** Selects `FoundRow`s; conditions follow. */
export const selectFound = `select ${foundColumns()} from events e ${foundJoins}`

export function toFound({ raw, enrichment: l, ...row }: FoundRow): FoundEvent {
  // Dates within JSON come as text.
  const enrichment = l && { ...l, openedAt: new Date(l.openedAt), endedAt: l.endedAt && new Date(l.endedAt) }
  return { event: toEvent(row), raw, enrichment }
}

/** Bytes; 0 if there is none. */
export async function bodyLength(db: Reader, id: string): Promise<number> {
  const sql = 'select octet_length(raw) as bytes from event_bodies where event_id = $1'
  const [row] = await query<{ bytes: number }>(db, sql, [id])
  return row?.bytes ?? 0
}

/** Null if there is none with that id. */
export async function findEvent(db: Reader, id: string): Promise<FoundEvent | null> {
  const rows = await query<FoundRow>(db, `${selectFound} where e.id = $1`, [id])
  return rows[0] ? toFound(rows[0]) : null
}

/** The same without a large body. */
export async function findWithoutLargeBody(
  db: Reader,
  id: string,
): Promise<(FoundEvent & { isLarge: boolean }) | null> {
  const rows = await query<StartedRow>(db, `select ${startedColumns} from events e ${foundJoins} where e.id = $1`, [id])
  return rows[0] ? toStarted(rows[0]) : null
}

/** Null if there is none any more. */
export async function readBody(db: Reader, id: string): Promise<Buffer | null> {
  const [row] = await query<{ raw: Buffer }>(db, 'select raw from event_bodies where event_id = $1', [id])
  return row?.raw ?? null
}

export interface StartedPlan extends FoundEvent {
  /** Its body is not read yet. */
  isLarge: boolean
  /** How often planning was started since it last made progress, including this time. */
  tries: number
  /** Whether this time is counted in the event's row. */
  isCounted: boolean
}

type StartedRow = FoundRow & { isLarge: boolean }

function toStarted({ isLarge, ...row }: StartedRow): FoundEvent & { isLarge: boolean } {
  return { ...toFound(row), isLarge }
}

const isPlannable = `e.status = 'accepted'
  and not exists (select from event_enrichments l where l.event_id = e.id and l.state = 'open')`

/**
 * The events of which no try was counted, in order, for their first one, which is not counted yet. Null for an event that is
 * not to be planned now, or of which a try was counted.
 */
export async function firstPlans(db: Reader, ids: string[]): Promise<(StartedPlan | null)[]> {
  const rows = await query<StartedRow>(
    db,
    `select ${startedColumns} from events e ${foundJoins} and b.event_id = any($1)
     where e.id = any($1) and e.plan_tries = 0 and ${isPlannable}`,
    [ids],
  )
  return inOrder(
    ids,
    rows.map((row) => ({ ...toStarted(row), tries: 1, isCounted: false })),
  )
}

/**
 * Counts a try of each event and returns them in order. It is committed before planning, so that a try that ends the process
 * counts. Null for an event that is not to be planned now, or, for `untried`, if a try was counted before.
 */
export async function beginPlans(
  db: Reader,
  ids: string[],
  which: 'untried' | 'tried',
): Promise<(StartedPlan | null)[]> {
  const rows = await query<StartedRow & { planTries: number }>(
    db,
    // Locked in one order, so that two batches with the same events cannot deadlock.
    `with locked as materialized (
       select e.id from events e where e.id = any($1) and e.status = 'accepted' order by e.id for no key update),
     started as (
       update events e set plan_tries = plan_tries + 1 from locked
       where e.id = locked.id and (e.plan_tries = 0 or $2 <> 'untried') and ${isPlannable} returning e.*)
     select e.plan_tries, ${startedColumns} from started e ${foundJoins} and b.event_id = any($1)`,
    [ids, which],
  )
  return inOrder(
    ids,
    rows.map((row) => ({ ...toStarted(row), tries: row.planTries, isCounted: true })),
  )
}

function inOrder(ids: string[], plans: StartedPlan[]): (StartedPlan | null)[] {
  const started = new Map(plans.map((plan) => [plan.event.id, plan]))
  return ids.map((id) => started.get(id) ?? null)
}

/** Counts a try that has failed. */
export async function countTry(db: Reader, id: string): Promise<void> {
  await db.query(`update events set plan_tries = plan_tries + 1 where id = $1 and status = 'accepted'`, [id])
}

/** Takes back a try that failed through no fault of the event. */
export async function uncountTry(db: Reader, id: string): Promise<void> {
  await db.query('update events set plan_tries = greatest(plan_tries - 1, 0) where id = $1', [id])
}
