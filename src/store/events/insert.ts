// Stores events once, with the jobs that plan them.
import { paramsOf } from '../../domain/coded.ts'
import type { EventStatus, Priority } from '../../domain/event.ts'
import type { Reason } from '../../domain/reason.ts'
import type { FoundEvent } from '../../domain/stored-event.ts'
import { query, type Reader, type Tx, toJson } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { together } from '../together.ts'
import { largeBodyBytes } from './load.ts'

export interface NewEvent {
  id: string
  source: string
  sourceId: string
  /** The id's pseudonym, under which it is stored if it read as an address and retention has run. */
  forgottenId: string
  type: string
  sourceType: string
  /** Only `accepted` gets a plan job. */
  status: Extract<EventStatus, 'accepted' | 'ignored' | 'failed'>
  reason: Reason | null
  reference: string | null
  references: string[]
  mentions: string[]
  fact: string | null
  livemode: boolean | null
  priority: Priority
  receivedAt: Date
  /** When it happened, by the sender's clock. */
  occurredAt: Date
  /** Its trace, as the W3C header names it; null if it has none. */
  traceparent: string | null
  raw: Buffer
}

export interface AcceptedEvent {
  id: string
  duplicate: boolean
  status: EventStatus
}

/** Inserts events with their plan jobs. A duplicate, even a concurrent one, gets the first event's id and no job. */
export async function insertEvents(tx: Tx, jobs: Jobs, events: NewEvent[]): Promise<AcceptedEvent[]> {
  // In one order in every process, so that two batches with the same keys cannot deadlock.
  const sorted = [...events].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const inserted = await query<{ id: string }>(tx, {
    name: 'insert-events',
    text: `insert into events (id, source, source_id, type, source_type, status, reason_code, reason_params, reference,
             reference_names, mentions, fact, livemode, priority, received_at, occurred_at, traceparent, due_at)
           select id, source, source_id, type, source_type, status, reason_code, reason_params, reference,
             array(select json_array_elements_text(reference_names)), array(select json_array_elements_text(mentions)),
             fact, livemode, priority, received_at, occurred_at, traceparent, case when status = 'accepted' then received_at end
           from json_to_recordset($1) as e(id uuid, source text, source_id text, type text, source_type text, status text,
             reason_code text, reason_params json, reference text, reference_names json, mentions json, fact text,
             livemode boolean, priority text, received_at timestamptz, occurred_at timestamptz, traceparent text,
             forgotten_id text)
           where not exists (select from events f
             where f.source = e.source and f.source_id = e.forgotten_id and f.source_id like 'forgotten:%')
           on conflict (source, source_id) do nothing
           returning id`,
    values: [toJson(sorted.map(toRow))],
  })
  const ids = new Set(inserted.map((row) => row.id))
  const fresh = events.filter((event) => ids.has(event.id))
  if (fresh.length > 0) {
    const toPlan = fresh.filter((event) => event.status === 'accepted')
    await together(
      tx.query({
        name: 'insert-event-bodies',
        text: 'insert into event_bodies (event_id, raw) select * from unnest($1::uuid[], $2::bytea[])',
        values: [fresh.map((event) => event.id), fresh.map((event) => event.raw)],
      }),
      jobs.enqueue(
        tx,
        toPlan.map((event) => ({
          stage: 'plan',
          priority: event.priority,
          id: event.id,
          // A large one would be held in memory while it waits for its turn.
          ...(event.raw.length <= largeBodyBytes && { event: () => asStored(event) }),
        })),
      ),
    )
  }
  const first = fresh.length < events.length ? await findFirst(tx, events) : new Map<string, AcceptedEvent>()
  return events.map((event) => {
    if (ids.has(event.id)) return { id: event.id, duplicate: false, status: event.status }
    const before = first.get(keyOf(event))
    if (!before) throw new Error('an event was neither inserted nor found')
    return before
  })
}

/** An accepted event as it will be read: without what Postgres cannot hold, and untouched so far. */
function asStored({ raw, receivedAt, ...event }: NewEvent): FoundEvent {
  const { forgottenId: _, mentions: __, occurredAt: ___, ...stored } = event
  const untouched = { reason: null, replayedAt: null, plannedUpTo: 0, stopped: 0 }
  return {
    event: { ...(JSON.parse(toJson(stored)) as typeof stored), ...untouched, receivedAt },
    raw,
    enrichment: null,
  }
}

/** The stored events with these sources and ids. */
export async function findFirst(
  tx: Reader,
  events: Pick<NewEvent, 'source' | 'sourceId' | 'forgottenId'>[],
): Promise<Map<string, AcceptedEvent>> {
  const rows = await query<{ id: string; source: string; sourceId: string; status: EventStatus }>(
    tx,
    `select e.id, e.source, k.source_id, e.status from json_to_recordset($1) as k(source text, source_id text, forgotten_id text)
     join events e on e.source = k.source and e.source_id in (k.source_id, k.forgotten_id)`,
    [
      toJson(
        events.map(({ source, sourceId, forgottenId }) => ({ source, source_id: sourceId, forgotten_id: forgottenId })),
      ),
    ],
  )
  return new Map(
    rows.map((row) => [
      keyOf({ source: row.source, sourceId: row.sourceId }),
      { id: row.id, duplicate: true, status: row.status },
    ]),
  )
}

const keyOf = ({ source, sourceId }: { source: string; sourceId: string }): string => `${source}\n${sourceId}`

function toRow(event: NewEvent) {
  return {
    id: event.id,
    source: event.source,
    source_id: event.sourceId,
    forgotten_id: event.forgottenId,
    type: event.type,
    source_type: event.sourceType,
    status: event.status,
    reason_code: event.reason?.code ?? null,
    reason_params: paramsOf(event.reason),
    reference: event.reference,
    reference_names: event.references,
    mentions: event.mentions,
    fact: event.fact,
    livemode: event.livemode,
    priority: event.priority,
    received_at: event.receivedAt,
    occurred_at: event.occurredAt,
    traceparent: event.traceparent,
  }
}
