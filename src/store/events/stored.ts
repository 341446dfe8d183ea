// Events as they are stored, and the SQL that finds them by a name.
import { type StoredCode, storedAs } from '../../domain/coded.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'

export interface EventRow extends Omit<StoredEvent, 'reason' | 'references'> {
  reasonCode: string | null
  reasonParams: StoredCode['params']
  referenceNames: string[]
}

/** The columns of an event `e`. */
export const eventColumns = `e.id, e.source, e.source_id, e.type, e.source_type, e.status, e.reason_code, e.reason_params,
  e.reference, e.reference_names, e.fact, e.livemode, e.priority, e.received_at, e.replayed_at, e.planned_up_to, e.stopped,
  e.traceparent`

export function toEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    source: row.source,
    sourceId: row.sourceId,
    type: row.type,
    sourceType: row.sourceType,
    status: row.status,
    reason: storedAs(row.reasonCode, row.reasonParams),
    reference: row.reference,
    references: row.referenceNames,
    fact: row.fact,
    livemode: row.livemode,
    priority: row.priority,
    receivedAt: row.receivedAt,
    replayedAt: row.replayedAt,
    plannedUpTo: row.plannedUpTo,
    stopped: row.stopped,
    traceparent: row.traceparent,
  }
}

/** SQL: whether the name in this parameter finds the event. */
export const isNamed = (name: string) =>
  `(reference_names @> array[${name}]::text[] or mentions @> array[${name}]::text[] and mentions <> '{}')`

/**
 * SQL: the ids of the events that the name in this parameter finds, as an array. The planner cannot estimate how many events
 * a name has; of an array that it cannot see it expects few elements, and so reads by an index what the ids belong to.
 */
export const namedEvents = (name: string) => `array(select id from events where ${isNamed(name)})`
