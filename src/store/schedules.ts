// Schedules: the next slot and the last result of each, with guarded statements so that one process runs a slot.
import type { Schedule } from '../domain/schedule.ts'
import { type Db, query, type Reader, toJson } from './db.ts'

/** The result of a run: the id of its event and its counts, or the error. */
export interface RunResult extends Record<string, unknown> {
  ok: boolean
}

export interface ScheduleRow {
  name: string
  cron: string
  timezone: string
  nextSlot: Date
  lastSlot: Date | null
  lastRunAt: Date | null
  lastResult: RunResult | null
}

const columns = 'name, cron, timezone, next_slot, last_slot, last_run_at, last_result'

/** Inserts missing rows. If a schedule's settings have changed, its next slot follows them, unless a slot is already due. */
export async function saveSchedules(
  db: Db,
  rows: (Pick<Schedule, 'name' | 'cron'> & { timezone: string; nextSlot: Date })[],
  now: Date,
): Promise<void> {
  await db.query(
    `insert into schedules (name, cron, timezone, next_slot, due_at)
     select name, cron, timezone, "nextSlot", "nextSlot"
     from json_to_recordset($1) as s(name text, cron text, timezone text, "nextSlot" timestamptz) order by name
     on conflict (name) do update set cron = excluded.cron, timezone = excluded.timezone,
       next_slot = case when schedules.next_slot <= $2 then schedules.next_slot else excluded.next_slot end,
       due_at = case when schedules.next_slot <= $2 then schedules.due_at else excluded.due_at end
     where (schedules.cron, schedules.timezone) is distinct from (excluded.cron, excluded.timezone)`,
    [toJson(rows), now],
  )
}

export async function listSchedules(db: Reader): Promise<ScheduleRow[]> {
  return query<ScheduleRow>(db, `select ${columns} from schedules`)
}

export async function findSchedule(db: Reader, name: string): Promise<ScheduleRow | null> {
  const rows = await query<ScheduleRow>(db, `select ${columns} from schedules where name = $1`, [name])
  return rows[0] ?? null
}

/** Claims a due run until `until`; null if it is not due, or another process has claimed it. */
export async function claimRun(db: Db, name: string, now: Date, until: Date): Promise<ScheduleRow | null> {
  const rows = await query<ScheduleRow>(
    db,
    `update schedules set due_at = $3 where name = $1 and due_at <= $2 returning ${columns}`,
    [name, now, until],
  )
  return rows[0] ?? null
}

export interface RunEnd {
  at: Date
  result: RunResult
  /** The slot that was run and the next one; absent for a run that a person asked for. */
  slot?: { done: Date; next: Date }
}

/** Records the end of a run. If two processes ran one slot, the first to end counts. */
export async function endRun(db: Db, name: string, { at, result, slot }: RunEnd): Promise<void> {
  if (slot)
    await db.query(
      `update schedules set last_run_at = $2, last_result = $3, last_slot = $4, next_slot = $5, due_at = $5
       where name = $1 and (last_slot is null or last_slot < $4)`,
      [name, at, toJson(result), slot.done, slot.next],
    )
  else
    await db.query(`update schedules set last_run_at = $2, last_result = $3 where name = $1`, [
      name,
      at,
      toJson(result),
    ])
}

/** Records a failed run, due again at `again`; a run that a person asked for (null) is not repeated. */
export async function failRun(
  db: Db,
  name: string,
  { at, result, again }: Pick<RunEnd, 'at' | 'result'> & { again: Date | null },
): Promise<void> {
  await db.query(
    `update schedules set last_run_at = $2, last_result = $3, due_at = coalesce($4, due_at) where name = $1`,
    [name, at, toJson(result), again],
  )
}

/** The number of events of a type received after `since`. */
export async function countEvents(db: Reader, type: string, since: Date): Promise<number> {
  const rows = await query<{ n: number }>(
    db,
    'select count(*)::integer as n from events where type = $1 and received_at > $2',
    [type, since],
  )
  return rows[0]?.n ?? 0
}
