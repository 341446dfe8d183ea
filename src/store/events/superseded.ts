// What has become needless is ended at once: what an event has made, where something stopped it before it was planned,
// and what others have made, where this event stops them. plans.ts calls it with each plan.
import { noWrites, write } from '../attempts/writes.ts'
import type { Reader, Tx } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { StoredEvent } from './insert.ts'
import { overtakenBy, stopOf } from './stops.ts'
import { stopTimers } from './timers.ts'

/**
 * Two plans of one reference, until the end of the transaction one after the other: the later one sees what the earlier
 * has made, so that of a message and what stops it, planned at once, neither overlooks the other.
 */
export async function takeTurns(tx: Tx, { references }: StoredEvent): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(hashtextextended(r, 0)) from (select unnest($1::text[]) r order by 1 offset 0) as turns`,
    [references],
  )
}

/** Ends what this event has made and something has stopped already. */
export async function stopOwn(tx: Tx, jobs: Jobs, { id }: StoredEvent, now: Date): Promise<void> {
  await cancelNotifications(tx, jobs, [id], null, now)
  await stopTimers(tx, [id], null, now)
}

/** Ends what others have made and this event stops. */
export async function stopOthers(tx: Tx, jobs: Jobs, event: StoredEvent, now: Date): Promise<void> {
  const ids = await sharingReference(tx, event)
  await cancelNotifications(tx, jobs, ids, event.type, now)
  await stopTimers(tx, ids, event.type, now)
}

/** Read first and given as values, so that Postgres knows how few they are. */
async function sharingReference(db: Reader, { id, references }: StoredEvent): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from events where "references" && $1 and id <> $2', [
    references,
    id,
  ])
  return rows.map((row) => row.id)
}

/** From `scheduled` and `pending` only: what a worker has opened is the worker's. */
async function cancelNotifications(
  tx: Tx,
  jobs: Jobs,
  eventIds: string[],
  type: string | null,
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: string; stop: string; type: string }>(
    `select n.id, s.id as stop, s.type from notifications n cross join lateral (${stopOf('n')}) s
     where n.event_id = any($1) and ($2::text is null or $2 = any(n.stopped_by)) and n.stopped_by is not null
       and n.state in ('scheduled', 'pending') order by n.id for update of n`,
    [eventIds, type],
  )
  const writes = noWrites()
  for (const { id, stop, type } of rows) {
    const { code, text } = overtakenBy({ id: stop, type })
    writes.moves.push({ id, state: 'cancelled', reasonCode: code, reasonText: text, dueAt: null })
    writes.entries.push({ notificationId: id, at: now, what: `${type} stopped it.`, detail: `It was event ${stop}.` })
  }
  await write(tx, jobs, writes)
}
