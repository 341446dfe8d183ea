// Replays: windows of past events that are planned again, slice by slice. The row holds the progress, so that another worker
// can continue after a crash.
import type { State } from '../../domain/notification.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import type { Page } from '../newest.ts'
import type { Place, Window } from './replay-events.ts'

/** The events covered, and their notifications by what a replay does with them. */
export interface ReplayCounts {
  events: number
  willSend: number
  alreadySent: number
  expired: number
  suppressed: number
  other: number
}

export interface Replay {
  id: string
  window: Window
  ratePerSecond: number
  by: string
  plan: ReplayCounts
  progress: ReplayCounts
  cursor: Place | null
  dueAt: Date | null
  createdAt: Date
  finishedAt: Date | null
}

export async function insertReplay(
  tx: Tx,
  run: Pick<Replay, 'id' | 'window' | 'ratePerSecond' | 'by' | 'plan' | 'progress' | 'createdAt'>,
): Promise<void> {
  const { window, createdAt } = run
  await tx.query(
    `insert into replays (id, since, until, source, type, state, rate_per_second, asked_by, plan, progress, due_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      run.id,
      window.since,
      window.until,
      window.source ?? null,
      window.type ?? null,
      window.state ?? null,
      run.ratePerSecond,
      run.by,
      toJson(run.plan),
      toJson(run.progress),
      createdAt,
    ],
  )
}

interface ReplayRow {
  id: string
  since: Date
  until: Date
  source: string | null
  type: string | null
  state: State | null
  ratePerSecond: number
  askedBy: string
  plan: ReplayCounts
  progress: ReplayCounts
  cursorAt: Date | null
  cursorId: string | null
  dueAt: Date | null
  createdAt: Date
  finishedAt: Date | null
}

export async function findReplay(db: Reader, id: string): Promise<Replay | null> {
  const [row] = await query<ReplayRow>(db, 'select * from replays where id = $1', [id])
  return row ? toReplay(row) : null
}

/** Newest first, and one more than the limit where there are more. */
export async function listReplays(db: Reader, { limit, after }: Page): Promise<Replay[]> {
  const rows = await query<ReplayRow>(
    db,
    `select * from replays where $1::timestamptz is null or (created_at, id) < ($1, $2)
     order by created_at desc, id desc limit $3`,
    [after?.at ?? null, after?.id ?? null, limit + 1],
  )
  return rows.map(toReplay)
}

function toReplay(row: ReplayRow): Replay {
  const { source, type, state } = row
  return {
    id: row.id,
    window: {
      since: row.since,
      until: row.until,
      ...(source !== null && { source }),
      ...(type !== null && { type }),
      ...(state !== null && { state }),
    },
    ratePerSecond: row.ratePerSecond,
    by: row.askedBy,
    plan: row.plan,
    progress: row.progress,
    cursor: row.cursorAt && row.cursorId ? { at: row.cursorAt, id: row.cursorId } : null,
    dueAt: row.dueAt,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  }
}

/** Locks a replay. False if it has advanced or ended since it was read. */
export async function lockReplay(tx: Tx, { id, cursor }: Replay): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select from replays where id = $1 and cursor_id is not distinct from $2 and due_at is not null for update',
    [id, cursor?.id ?? null],
  )
  return rowCount === 1
}

interface Advance {
  progress: ReplayCounts
  /** The last event covered. */
  cursor: Place | null
  /** When the next slice is due; null after the last. */
  dueAt: Date | null
  now: Date
}

export async function advanceReplay(tx: Tx, id: string, { progress, cursor, dueAt, now }: Advance): Promise<void> {
  await tx.query(
    `update replays set progress = $2, cursor_at = $3, cursor_id = $4, due_at = $5::timestamptz,
       finished_at = case when $5::timestamptz is null then $6::timestamptz end where id = $1`,
    [id, toJson(progress), cursor?.at ?? null, cursor?.id ?? null, dueAt, now],
  )
}
