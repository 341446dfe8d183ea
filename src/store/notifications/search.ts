// Searches notifications for the API, newest first: each filter reads an index in that order.
import { beingSent, isNotBeingSent } from '../being-sent.ts'
import { type Db, query } from '../db.ts'
import { namedEvents } from '../events/stored.ts'
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
import { type NotificationRow, notificationColumns } from './audit.ts'

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
  /** Only what was given up since then, ordered by when that was. */
  givenUpSince?: Date
}

/** `place`: by which it is ordered. */
export type FoundRow = NotificationRow & { place: Date }

const table: Table = { name: 'notification_details', at: 'created_at' }
const givenUp: Table = { name: 'notification_states', at: 'given_up' }
const byKind: Index = {
  columns: ['notifier', 'channel', 'event_type', 'source_type', 'source'],
}
const byProvider: Index = {
  table: 'notification_states',
  columns: ['provider', 'channel', 'state'],
  where: 'provider is not null',
}
const byState: Index = { table: 'notification_states', columns: ['state'], where: isNotBeingSent }
const byGivingUp: Index = { table: 'notification_states', columns: [], where: "state = 'failed'" }
const statesGivenUp = '(select *, coalesce(given_up_at, created_at) as given_up from notification_states)'
/** The columns of the states; the others are in the details. */
const ofStates = ['created_at', 'given_up', 'channel', 'state', 'provider']
// Both read one table in the order of its index and look each row up in the other: `offset 0` leaves the planner no other way.
const detailsFirst = `(select d.*, s.state, s.provider from notification_details d cross join lateral (
  select state, provider from notification_states where id = d.id offset 0) s) as n`
const statesFirst = (
  states: string,
) => `(select s.*, d.event_id, d.notifier, d.event_type, d.source_type, d.source, d.recipient_id, d.address from ${states} s
  cross join lateral (select event_id, notifier, event_type, source_type, source, recipient_id, address from notification_details
    where id = s.id offset 0) d) as n`
/** Most notifications end in these states, which therefore narrow a search less than anything else. */
const usualStates = ['sent', 'delivered']

/** Returns one row more than `limit` if there is a next page. */
export async function searchNotifications(
  db: Db,
  filter: NotificationFilter,
  { limit, after }: Page,
): Promise<FoundRow[]> {
  const { values, add } = parameters()
  const isByGivingUp = filter.givenUpSince !== undefined
  const conditions = [
    ...within(table, { ...filter, after: isByGivingUp ? null : after }, add),
    ...(isByGivingUp ? within(givenUp, { since: filter.givenUpSince, after }, add) : []),
    ...conditionsOf(filter, add),
  ]
  const walks = isByGivingUp ? [walkGivenUp(filter, conditions, add)] : walksOf(filter, conditions, add)
  const by = isByGivingUp ? givenUp : table
  return query<FoundRow>(
    db,
    `${withPage(by, walks, limit + 1)}
     select ${notificationColumns}, (select ${by.at} from page where page.id = n.id) as place
     from notifications n where n.id = any(array(select id from page)) order by place desc, n.id desc`,
    values,
  )
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
  if (filter.reference !== undefined)
    conditions.push(holds(`event_id = any(${namedEvents(add(filter.reference))})`, ['event_id']))
  return conditions
}

function walksOf(filter: NotificationFilter, conditions: Condition[], add: Add): Walk[] {
  const { recipient, reference, notifier, channel, state, provider, eventType, source } = filter
  if (recipient !== undefined) {
    const text = add(recipient)
    return [
      walkDetails([...conditions, holds(`recipient_id = ${text}`)]),
      walkDetails([...conditions, holds(`lower(address) = lower(${text}) and recipient_id is distinct from ${text}`)]),
    ]
  }
  if (reference !== undefined) return [walkDetails(conditions)]
  if (state === 'sending') return [walkBeingSent(conditions)]
  if (state !== undefined && !usualStates.includes(state)) return [walkStates(byState, conditions)]
  if (notifier ?? eventType ?? source) return [walkDetails(conditions, byKind)]
  if (provider !== undefined) return [walkStates(byProvider, conditions)]
  if (channel !== undefined) return [walkDetails(conditions, byKind)]
  return [walkStates(byState, conditions), ...(state === undefined ? [walkBeingSent(conditions)] : [])]
}

function walkDetails(conditions: Condition[], index?: Index): Walk {
  const isEnough = conditions.every(({ on }) => !on.includes('state') && !on.includes('provider'))
  return { ...(index && { index }), ...(!isEnough && { from: detailsFirst }), conditions }
}

function walkStates(index: Index, conditions: Condition[]): Walk {
  return { index, from: statesFor(conditions, 'notification_states'), conditions }
}

/** Those few that were given up lately are looked through for all other filters. */
function walkGivenUp({ recipient }: NotificationFilter, conditions: Condition[], add: Add): Walk {
  const text = recipient === undefined ? null : add(recipient)
  const ofRecipient = text && holds(`(recipient_id = ${text} or lower(address) = lower(${text}))`, ['recipient_id'])
  const all = ofRecipient ? [...conditions, ofRecipient] : conditions
  return { index: byGivingUp, from: statesFor(all, statesGivenUp), conditions: all }
}

function walkBeingSent(conditions: Condition[]): Walk {
  return { from: statesFor(conditions, beingSent), conditions }
}

/** The rows of `states`, with their details where a condition needs them. */
function statesFor(conditions: Condition[], states: string): string {
  const isEnough = conditions.every(({ on }) => on.every((column) => ofStates.includes(column)))
  return isEnough ? `${states} as n` : statesFirst(states)
}
