// Reads the events of a replay and their notifications, and returns events to planning.
import { factOf } from '../../domain/fact.ts'
import type { State } from '../../domain/notification.ts'
import type { FoundEvent, StoredEvent } from '../../domain/stored-event.ts'
import type { Entry } from '../../domain/timeline.ts'
import { mayHaveBeenTaken } from '../attempts/settlements.ts'
import { beingSent, notBeingSent } from '../being-sent.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import { type FoundRow, selectFound, toFound } from '../events/load.ts'
import { type Clauses, conditionsOf, parameters } from '../parameters.ts'
import { firstSuppression } from '../people/first-suppression.ts'
import { statusChangeNotifier } from './callback-outbox.ts'
import { type Restartable, restartableColumns } from './restart.ts'

/** The events that a replay covers, by the time they were received. */
export interface Window {
  since: Date
  until: Date
  source?: string
  type?: string
  /** Only events with a notification in this state; `failed` includes events that failed themselves. */
  state?: State
}

export interface Place {
  at: Date
  id: string
}

const clauses: Clauses<Omit<Window, 'state'>> = {
  since: (at) => `e.received_at >= ${at}`,
  until: (at) => `e.received_at < ${at}`,
  source: (name) => `e.source = ${name}`,
  type: (type) => `(e.type = ${type} or e.source_type = ${type})`,
}

/** Searched by state, because few are in it. The hour allows for a planner's clock behind that of the accepting process. */
const hasState = (states: string, { state, since, until }: Record<'state' | 'since' | 'until', string>) => `e.id in (
  select d.event_id from ${states} s join notification_details d on d.id = s.id
  where s.state = ${state} and s.created_at >= ${since}::timestamptz - interval '1 hour'
  union all select f.id from events f where f.status = ${state} and f.received_at >= ${since} and f.received_at < ${until})`

/** How much of a window is read at once. A larger event is read alone. */
export interface Most {
  events: number
  bytes: number
}

export interface WindowPart {
  events: FoundEvent[]
  /** No event of the window follows. */
  isLast: boolean
  /** More would have been too many bytes. */
  isCut: boolean
}

/** The next events of a window, oldest first. How long they are is asked before any is read. */
export async function eventsOfWindow(
  db: Reader,
  { state, ...window }: Window,
  after: Place | null,
  most: Most,
): Promise<WindowPart> {
  const { values, add } = parameters()
  const conditions = conditionsOf(clauses, window, add)
  if (after) conditions.push(`(e.received_at, e.id) > (${add(after.at)}, ${add(after.id)})`)
  if (state) {
    const inState = { state: add(state), since: add(after?.at ?? window.since), until: add(window.until) }
    conditions.push(hasState(state === 'sending' ? beingSent : notBeingSent, inState))
  }
  const next = await query<{ id: string; bytes: number }>(
    db,
    `select n.id, coalesce((select octet_length(raw) from event_bodies where event_id = n.id), 0)
       + coalesce((select octet_length(found::text) from event_enrichments where event_id = n.id), 0) as bytes
     from (select e.id, e.received_at from events e where ${conditions.join(' and ')}
       order by e.received_at, e.id limit ${most.events}) n order by n.received_at, n.id`,
    values,
  )
  let bytes = 0
  const fitting = next.filter((one, i) => {
    bytes += one.bytes
    return i === 0 || bytes <= most.bytes
  })
  const isCut = fitting.length < next.length
  const rows = await query<FoundRow>(
    db,
    `${selectFound} and b.event_id = any($1) where e.id = any($1) order by e.received_at, e.id`,
    [fitting.map(({ id }) => id)],
  )
  return { events: rows.map(toFound), isLast: !isCut && next.length < most.events, isCut }
}

export interface MadeRow extends Restartable {
  isSuppressed: boolean
  /** It is suppressed, and an earlier attempt may have been taken. */
  isInDoubt: boolean
}

const rowsAtOnce = 500

/**
 * The notifications of each event's fact, by the event's id, including those that another event made, and of the status
 * callbacks about them only the failed ones. An event may have tens of thousands, which are read in parts.
 */
export async function notificationsMadeFrom(db: Reader, events: StoredEvent[]): Promise<Map<string, MadeRow[]>> {
  const ids = await query<{ id: string }>(
    db,
    `select n.id from notifications n
     where n.fact = any($1) or n.event_id = any($2) and n.channel = 'callback' and n.state = 'failed'`,
    [events.map(factOf), events.map(({ id }) => id)],
  )
  const byFact = new Map<string, MadeRow[]>()
  const failedCallbacks = new Map<string, MadeRow[]>()
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    const rows = await query<MadeRow & { fact: string }>(
      db,
      `select ${restartableColumns}, n.fact, s.reason is not null as is_suppressed,
         n.state = 'suppressed' and ${mayHaveBeenTaken('n')} as is_in_doubt
       from notifications n left join lateral (
         ${firstSuppression('reason', { channel: 'n.channel', address: 'lower(n.address)' })}) as s on true
       where n.id = any($1)`,
      [ids.slice(from, from + rowsAtOnce).map(({ id }) => id)],
    )
    for (const { fact, ...row } of rows) {
      addTo(byFact, fact, row)
      if (row.notifier === statusChangeNotifier) addTo(failedCallbacks, row.eventId, row)
    }
  }
  return new Map(
    events.map((event) => [event.id, [...(byFact.get(factOf(event)) ?? []), ...(failedCallbacks.get(event.id) ?? [])]]),
  )
}

function addTo(rows: Map<string, MadeRow[]>, key: string, row: MadeRow): void {
  const those = rows.get(key)
  if (those) those.push(row)
  else rows.set(key, [row])
}

/** Returns events to planning from the beginning, if their status is unchanged. Returns the ids of those that it changed. */
export async function resetPlans(
  tx: Tx,
  events: Pick<StoredEvent, 'id' | 'status'>[],
  now: Date,
): Promise<Set<string>> {
  if (events.length === 0) return new Set()
  const rows = await query<{ id: string }>(
    tx,
    `with reset as materialized (select * from json_to_recordset($1) as w(id uuid, status text)),
     -- In one order, so that it cannot deadlock with another replay or with retention.
     locked as materialized (
       select e.id from events e where e.id in (select id from reset) order by e.id for no key update)
     update events e set status = 'accepted', reason_code = null, reason_params = null, due_at = $2, replayed_at = $2,
       planned_up_to = 0, plan_tries = 0
     from reset join locked using (id)
     where e.id = reset.id and e.status = reset.status and e.forgotten_at is null returning e.id`,
    [toJson(events.map(({ id, status }) => ({ id, status }))), now],
  )
  return new Set(rows.map((row) => row.id))
}

export interface EventEntry {
  eventId: string
  entry: Entry
}

/** Adds entries to the timelines of events. */
export async function addEventEntries(tx: Tx, entries: EventEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return
  await tx.query(
    `insert into timeline_entries (event_id, at, code, params)
     select event_id, $2, code, params from json_to_recordset($1) as e(event_id uuid, code text, params json)`,
    [toJson(entries.map(({ eventId, entry: { code, params } }) => ({ event_id: eventId, code, params }))), at],
  )
}
