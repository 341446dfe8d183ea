// Searches events for the API, newest first: each filter reads an index in that order.
import { type Db, query } from '../db.ts'
import {
  type Condition,
  equals,
  holds,
  type Index,
  type Page,
  type Table,
  type Walk,
  within,
  withPage,
} from '../newest.ts'
import { type Add, parameters } from '../parameters.ts'
import { countsOf, type ListedEvent } from './counts.ts'
import { type EventRow, eventColumns, namedEvents, toEvent } from './stored.ts'

export interface EventFilter {
  type?: string
  source?: string
  status?: string
  reference?: string
  since?: Date
  until?: Date
}

const table: Table = { name: 'events', at: 'received_at' }
const bySource: Index = { columns: ['source', 'status'] }
const byType: Index = { columns: ['type', 'source', 'status'] }
/** Of vendors: an app's types are its own. */
const bySourceType: Index = { columns: ['source_type', 'status'], where: 'source_type <> type' }

/** Returns one row more than `limit` if there is a next page. */
export async function searchEvents(db: Db, filter: EventFilter, { limit, after }: Page): Promise<ListedEvent[]> {
  const { values, add } = parameters()
  const walks = walksOf(filter, within(table, { ...filter, after }, add), add)
  const rows = await query<EventRow>(
    db,
    `${withPage(table, walks, limit + 1)}
     select ${eventColumns} from events e where e.id = any(array(select id from page))
     order by e.received_at desc, e.id desc`,
    values,
  )
  const counts = await countsOf(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ event: toEvent(row), counts: counts.get(row.id) ?? {} }))
}

function walksOf({ type, source, status, reference }: EventFilter, inTime: Condition[], add: Add): Walk[] {
  const conditions = [
    ...inTime,
    ...(source === undefined ? [] : [equals('source', add(source))]),
    ...(status === undefined ? [] : [equals('status', add(status))]),
    ...(reference === undefined ? [] : [holds(`id = any(${namedEvents(add(reference))})`)]),
  ]
  if (type !== undefined) {
    const value = add(type)
    if (reference !== undefined)
      return [{ conditions: [...conditions, holds(`(type = ${value} or source_type = ${value})`)] }]
    return [
      { index: byType, conditions: [...conditions, equals('type', value)] },
      { index: bySourceType, conditions: [...conditions, equals('source_type', value)] },
    ]
  }
  return [reference === undefined ? { index: bySource, conditions } : { conditions }]
}
