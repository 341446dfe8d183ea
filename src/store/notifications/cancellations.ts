// Counts and cancels notifications that have not been sent and timers that have not fired.
import { reason } from '../../domain/reason.ts'
import { mayHaveBeenTaken } from '../attempts/settlements.ts'
import { query, type Reader, toJson } from '../db.ts'
import { isNamed, namedEvents } from '../events/stored.ts'
import { isWaiting } from '../events/timers.ts'
import { type Add, type Clauses, conditionsOf, parameters } from '../parameters.ts'
import { statusChangeNotifier } from './callback-outbox.ts'

export interface CancelFilter {
  id?: string
  ids?: string[]
  notifier?: string
  reference?: string
  eventType?: string
  since?: Date
  until?: Date
  /** Only those of events that were accepted up to this time. */
  acceptedBy?: Date
  /** Only those made up to this time. */
  madeBy?: Date
}

const clauses: Clauses<CancelFilter> = {
  id: (id) => `n.id = ${id}`,
  ids: (ids) => `n.id = any(${ids})`,
  notifier: (name) => `n.notifier = ${name}`,
  reference: (name) => `n.event_id = any(${namedEvents(name)})`,
  eventType: (type) => `(n.event_type = ${type} or n.source_type = ${type})`,
  since: (at) => `n.created_at >= ${at}`,
  until: (at) => `n.created_at < ${at}`,
  acceptedBy: (at) => `n.event_id < first_id_at(${at}::timestamptz + interval '1 millisecond')`,
  madeBy: (at) => `n.created_at <= ${at}`,
}

/** Status callbacks report what has already happened, so only a filter by id or notifier includes them. */
function isCancellable(filter: CancelFilter, add: Add): string {
  const isCallback = filter.id || filter.ids || filter.notifier ? [] : [`n.notifier <> '${statusChangeNotifier}'`]
  return [...conditionsOf(clauses, filter, add), `n.state in ('scheduled', 'pending')`, ...isCallback].join(' and ')
}

/** The number of matching notifications that can be cancelled. */
export async function countCancellable(db: Reader, filter: CancelFilter): Promise<number> {
  const { values, add } = parameters()
  const rows = await query<{ n: number }>(
    db,
    `select count(*)::integer as n from notifications n where ${isCancellable(filter, add)}`,
    values,
  )
  return rows[0]?.n ?? 0
}

/** Who cancels, when, and how many at once. */
interface Act {
  by: string
  at: Date
  limit: number
}

/**
 * Cancels at most `limit` of them and returns how many. They are found as an array, once: a join may look for them again for each
 * row, where the statistics know nothing yet of many new rows. A notification that a worker opens meanwhile
 * is not cancelled.
 */
export async function cancelBatch(db: Reader, filter: CancelFilter, { by, at, limit }: Act): Promise<number> {
  const { values, add } = parameters()
  const now = add(at)
  const rows = await query<{ n: number }>(
    db,
    `with picked as (
       select n.id from notification_states n
       where n.id = any(array(select n.id from notifications n where ${isCancellable(filter, add)} limit ${limit}))
         and n.state in ('scheduled', 'pending') order by n.id for update),
     moved as (
       update notification_states n set state = 'cancelled', reason_code = 'cancelled',
         reason_params = ${add(toJson(reason('cancelled', { by }).params))}, due_at = null
       from picked where n.id = picked.id returning n.id, n.restarted_after),
     entered as (
       insert into timeline_entries (notification_id, at, code, params)
       select moved.id, ${now}, 'cancelled',
         json_build_object('by', ${add(by)}::text, 'mayBeTaken', ${mayHaveBeenTaken('moved')})
       from moved)
     select count(*)::integer as n from moved`,
    values,
  )
  return rows[0]?.n ?? 0
}

/** What is filtered by its event. */
export type EventFilter = Pick<CancelFilter, 'reference' | 'eventType' | 'until' | 'acceptedBy'>

export const eventClauses: Clauses<EventFilter> = {
  reference: isNamed,
  eventType: (type) => `(e.type = ${type} or e.source_type = ${type})`,
  until: (at) => `e.received_at < ${at}`,
  acceptedBy: (at) => `e.received_at <= ${at}`,
}

export interface TimerFilter extends EventFilter {
  eventId?: string
  since?: Date
}

const timerClauses: Clauses<TimerFilter> = {
  ...eventClauses,
  eventId: (id) => `e.id = ${id}`,
  since: (at) => `e.received_at >= ${at}`,
}

function isStoppable(filter: TimerFilter, add: Add): string {
  return [...conditionsOf(timerClauses, filter, add), isWaiting].join(' and ')
}

/** The number of waiting timers of such events. */
export async function countTimers(db: Reader, filter: TimerFilter): Promise<number> {
  const { values, add } = parameters()
  const rows = await query<{ n: number }>(
    db,
    `select count(*)::integer as n from timers t join events e on e.id = t.event_id where ${isStoppable(filter, add)}`,
    values,
  )
  return rows[0]?.n ?? 0
}

/** Stops at most `limit` of them and returns how many. A timer that fires meanwhile either fires or is stopped, never both. */
export async function cancelTimers(db: Reader, filter: TimerFilter, { by, at, limit }: Act): Promise<number> {
  const { values, add } = parameters()
  const now = add(at)
  const rows = await query<{ n: number }>(
    db,
    `with picked as (
       select t.id from timers t join events e on e.id = t.event_id where ${isStoppable(filter, add)}
       order by t.id limit ${limit} for update of t),
     stopped as (
       update timers t set stopped_at = ${now}, reason_code = 'cancelled',
         reason_params = ${add(toJson(reason('cancelled', { by }).params))}
       from picked where t.id = picked.id returning t.event_id, t.emits),
     entered as (
       insert into timeline_entries (event_id, at, code, params)
       select event_id, ${now}, 'timer_cancelled', json_build_object('by', ${add(by)}::text, 'emits', emits) from stopped)
     select count(*)::integer as n from stopped`,
    values,
  )
  return rows[0]?.n ?? 0
}
