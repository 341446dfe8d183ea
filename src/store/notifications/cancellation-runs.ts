// The cancellations by filter that are under way, so that one whose process has ended is continued.
import { query, type Reader } from '../db.ts'
import type { CancelFilter } from './cancellations.ts'

export interface CancellationRun {
  id: string
  filter: Pick<CancelFilter, 'notifier' | 'reference' | 'eventType' | 'since' | 'until'>
  acceptedBy: Date
  by: string
}

/** Stores a cancellation before it begins. It may be continued, by any process, from `dueAt` on. */
export async function insertCancellation(
  db: Reader,
  { id, filter: { notifier, reference, eventType, since, until }, acceptedBy, by }: CancellationRun,
  dueAt: Date,
): Promise<void> {
  await db.query(
    `insert into cancellations (id, notifier, reference, event_type, since, until, accepted_by, asked_by, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, notifier, reference, eventType, since, until, acceptedBy, by, dueAt],
  )
}

type Row = Record<'notifier' | 'reference' | 'eventType', string | null> &
  Record<'since' | 'until', Date | null> & { id: string; acceptedBy: Date; askedBy: string; tries: number }

/** Takes one that is due, for which no other process is tried before `until`; null if there is none. */
export async function takeCancellation(
  db: Reader,
  now: Date,
  until: Date,
): Promise<(CancellationRun & { tries: number }) | null> {
  const [row] = await query<Row>(
    db,
    `update cancellations set due_at = $2, tries = tries + 1
     where id = (select id from cancellations where due_at <= $1 order by due_at limit 1 for update skip locked)
     returning id, notifier, reference, event_type, since, until, accepted_by, asked_by, tries`,
    [now, until],
  )
  if (!row) return null
  const { id, acceptedBy, askedBy: by, tries, ...filter } = row
  const given = Object.entries(filter).filter(([, value]) => value !== null)
  return { id, filter: Object.fromEntries(given), acceptedBy, by, tries }
}

/** Notes that it gets on: no other process is tried before `until`, and those that were tried no longer count. */
export async function renewCancellation(db: Reader, id: string, until: Date): Promise<void> {
  await db.query('update cancellations set due_at = $2, tries = 1 where id = $1', [id, until])
}

export async function removeCancellation(db: Reader, id: string): Promise<void> {
  await db.query('delete from cancellations where id = $1', [id])
}
