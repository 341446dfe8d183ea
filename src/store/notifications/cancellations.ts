// Counts and cancels notifications that have not been sent and timers that have not fired.
import { reason } from '../../domain/reason.ts'
import { mayHaveBeenTaken } from '../attempts/settlements.ts'
import { type Db, query, type Reader, toJson } from '../db.ts'
import { isNamed, namedEvents } from '../events/insert.ts'
import { isWaiting } from '../events/timers.ts'
import { statusChangeNotifier } from './callback-outbox.ts'
import { whereOf } from './list.ts'

export interface CancelFilter {
  id?: string
  notifier?: string
  reference?: string
  eventType?: string
  since?: Date
  until?: Date
  /** Only those made up to this time. */
  madeBy?: Date
}

const clauses: Record<keyof CancelFilter, string> = {
  id: 'n.id = $',
  notifier: 'n.notifier = $',
  reference: `n.event_id = any(${namedEvents('$')})`,
  eventType: '(n.event_type = $ or n.source_type = $)',
  since: 'n.created_at >= $',
  until: 'n.created_at < $',
  madeBy: 'n.created_at <= $',
}

/** Status callbacks report what has already happened, so only a filter by id or notifier includes them. */
function isCancellable({ id, notifier }: CancelFilter): string {
  const about = id || notifier ? '' : ` and n.notifier <> '${statusChangeNotifier}'`
  return `n.state in ('scheduled', 'pending')${about}`
}

/** The number of matching notifications that can be cancelled. */
export async function countCancellable(db: Reader, filter: CancelFilter): Promise<number> {
  const where = whereOf(clauses, filter)
  const rows = await query<{ n: number }>(
    db,
    `select count(*)::integer as n from notifications n ${where.text()} and ${isCancellable(filter)}`,
    where.values,
  )
  return rows[0]?.n ?? 0
}

/** Who cancels, when, and how many at once. */
interface Act {
  by: string
  at: Date
  limit: number
}

/** Cancels at most `limit` of them and returns how many. A notification that a worker opens meanwhile is not cancelled. */
export async function cancelBatch(db: Db, filter: CancelFilter, { by, at, limit }: Act): Promise<number> {
  const where = whereOf(clauses, filter)
  const n = where.values.length
  const rows = await query<{ n: number }>(
    db,
    `with picked as (
       select n.id from notification_states n
       where n.id in (select n.id from notifications n ${where.text()} and ${isCancellable(filter)} limit ${limit})
         and n.state in ('scheduled', 'pending') order by n.id for update),
     moved as (
       update notification_states n set state = 'cancelled', reason_code = 'cancelled', reason_params = $${n + 1}, due_at = null
       from picked where n.id = picked.id returning n.id, n.restarted_after),
     entered as (
       insert into timeline_entries (notification_id, at, code, params)
       select moved.id, $${n + 2}, 'cancelled',
         json_build_object('by', $${n + 3}::text, 'mayBeTaken', ${mayHaveBeenTaken('moved')})
       from moved)
     select count(*)::integer as n from moved`,
    [...where.values, toJson(reason('cancelled', { by }).params), at, by],
  )
  return rows[0]?.n ?? 0
}

/** Timers are filtered by their events. */
export type TimerFilter = Omit<CancelFilter, 'id' | 'notifier'>

const timerClauses: Record<keyof TimerFilter, string> = {
  reference: isNamed,
  eventType: '(e.type = $ or e.source_type = $)',
  since: 'e.received_at >= $',
  until: 'e.received_at < $',
  madeBy: 'e.received_at <= $',
}

/** The number of waiting timers of such events. */
export async function countTimers(db: Reader, filter: TimerFilter): Promise<number> {
  const where = whereOf(timerClauses, filter)
  const rows = await query<{ n: number }>(
    db,
    `select count(*)::integer as n from timers t join events e on e.id = t.event_id ${where.text()} and ${isWaiting}`,
    where.values,
  )
  return rows[0]?.n ?? 0
}

/** Stops at most `limit` of them and returns how many. A timer that fires meanwhile either fires or is stopped, never both. */
export async function cancelTimers(db: Db, filter: TimerFilter, { by, at, limit }: Act): Promise<number> {
  const where = whereOf(timerClauses, filter)
  const n = where.values.length
  const rows = await query<{ n: number }>(
    db,
    `with picked as (
       select t.id from timers t join events e on e.id = t.event_id ${where.text()} and ${isWaiting}
       order by t.id limit ${limit} for update of t),
     stopped as (
       update timers t set stopped_at = $${n + 2}, reason_code = 'cancelled', reason_params = $${n + 1}
       from picked where t.id = picked.id returning t.event_id, t.emits),
     entered as (
       insert into timeline_entries (event_id, at, code, params)
       select event_id, $${n + 2}, 'timer_cancelled', json_build_object('by', $${n + 3}::text, 'emits', emits) from stopped)
     select count(*)::integer as n from stopped`,
    [...where.values, toJson(reason('cancelled', { by }).params), at, by],
  )
  return rows[0]?.n ?? 0
}
