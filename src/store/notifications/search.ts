// Searches notifications for the API, newest first: each filter reads an index in that order.
import { type Db, query } from '../db.ts'
import { namedEvents } from '../events/insert.ts'
import {
  type Add,
  type Condition,
  equals,
  holds,
  type Index,
  type Page,
  parameters,
  type Table,
  type Walk,
  within,
  withPage,
} from '../newest.ts'
import { type NotificationRow, notificationColumns } from './list.ts'

export interface NotificationFilter {
  recipient?: string
  reference?: string
  notifier?: string
  channel?: string
  state?: string
  provider?: string
  eventType?: string
  source?: string
  since?: Date
  until?: Date
}

const table: Table = { name: 'notifications', at: 'created_at' }
const byKind: Index = { columns: ['notifier', 'channel', 'event_type', 'source_type', 'source'] }
const byProvider: Index = { columns: ['provider', 'channel', 'state'], where: 'provider is not null' }
const byState: Index = { columns: ['state'] }
/** Most notifications end in these states, which therefore narrow a search less than anything else. */
const usualStates = ['sent', 'delivered']

/** Returns one row more than `limit` if there is a next page. */
export async function searchNotifications(
  db: Db,
  filter: NotificationFilter,
  { limit, after }: Page,
): Promise<NotificationRow[]> {
  const { values, add } = parameters()
  const conditions = [...within(table, { ...filter, after }, add), ...conditionsOf(filter, add)]
  const rows = await query<NotificationRow>(
    db,
    `${withPage(table, walksOf(filter, conditions, add), limit + 1)}
     select ${notificationColumns} from notifications n where n.id = any(array(select id from page))
     order by n.created_at desc, n.id desc`,
    values,
  )
  return rows
}

/** The conditions of all filters but the recipient and the time. */
function conditionsOf(filter: NotificationFilter, add: Add): Condition[] {
  const conditions: Condition[] = []
  for (const column of ['notifier', 'channel', 'state', 'provider', 'source'] as const) {
    const value = filter[column]
    if (value !== undefined) conditions.push(equals(column, add(value)))
  }
  if (filter.eventType !== undefined) {
    const type = add(filter.eventType)
    conditions.push(holds(`(event_type = ${type} or source_type = ${type})`, ['event_type', 'source_type']))
  }
  // A notification's reference is always a name of its event.
  if (filter.reference !== undefined) conditions.push(holds(`event_id = any(${namedEvents(add(filter.reference))})`))
  return conditions
}

function walksOf(filter: NotificationFilter, conditions: Condition[], add: Add): Walk[] {
  const { recipient, reference, notifier, channel, state, provider, eventType, source } = filter
  if (recipient !== undefined) {
    const text = add(recipient)
    return [
      { conditions: [...conditions, holds(`recipient_id = ${text}`)] },
      {
        conditions: [...conditions, holds(`lower(address) = lower(${text}) and recipient_id is distinct from ${text}`)],
      },
    ]
  }
  if (reference !== undefined) return [{ conditions }]
  if (state !== undefined && !usualStates.includes(state)) return [{ index: byState, conditions }]
  if (notifier ?? eventType ?? source) return [{ index: byKind, conditions }]
  if (provider !== undefined) return [{ index: byProvider, conditions }]
  if (channel !== undefined) return [{ index: byKind, conditions }]
  return [{ index: byState, conditions }]
}
