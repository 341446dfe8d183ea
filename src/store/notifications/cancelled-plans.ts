// Counts the events that have not been planned to their end, and cancels what they have yet to make.
import { query, type Reader, toJson } from '../db.ts'
import type { PlanCancellation } from '../events/plans.ts'
import { type Add, type Clauses, conditionsOf, parameters } from '../parameters.ts'
import { type EventFilter, eventClauses } from './cancellations.ts'

/** Which events' plans: `types` are those that may make what is cancelled; default: all. */
export interface PlanFilter extends EventFilter {
  types?: readonly string[]
}

const planClauses: Clauses<PlanFilter> = {
  ...eventClauses,
  // A vendor's own type may become one of ours once its source was asked.
  types: (types) => `(e.type = any(${types}) or position(':' in e.type) > 0)`,
}

function isBeingPlanned(filter: PlanFilter, add: Add): string {
  return [...conditionsOf(planClauses, filter, add), `e.status = 'accepted' and e.due_at is not null`].join(' and ')
}

/** The number of matching events that have not been planned to their end. */
export async function countPlans(db: Reader, filter: PlanFilter): Promise<number> {
  const { values, add } = parameters()
  const sql = `select count(*)::integer as n from events e where ${isBeingPlanned(filter, add)}`
  const [row] = await query<{ n: number }>(db, sql, values)
  return row?.n ?? 0
}

/** Where `isPatient`, one event alone, for whose lock it waits; else up to this many, without those that others have locked. */
const atOnce = 5_000

/**
 * Cancels what some of these events have yet to make. `found`: how many do not have this cancellation, counted up to a limit;
 * `marked`:
 * how many have it now. The lock on an event decides: a part stored before it is there for the next statement to see, and one
 * stored after it reads the cancellation. It never waits for a lock while it holds one, so that it cannot deadlock.
 */
export async function cancelPlans(
  db: Reader,
  filter: PlanFilter,
  cancellation: PlanCancellation,
  isPatient: boolean,
): Promise<{ found: number; marked: number }> {
  const { values, add } = parameters()
  const isOpen = isBeingPlanned(filter, add)
  const [own, scope] = [[cancellation], [{ notifier: cancellation.notifier }]].map(
    (one) => `${add(toJson(one))}::jsonb`,
  )
  const isUnmarked = `not coalesce(e.cancellations @> ${scope}, false)`
  const [row] = await query<{ found: number; marked: number }>(
    db,
    `with found as materialized (
       select e.id from events e where ${isOpen} and ${isUnmarked} limit ${isPatient ? 1 : atOnce}),
     locked as materialized (
       select e.id from events e where e.id = any(array(select id from found)) and e.status = 'accepted' and ${isUnmarked}
       for no key update ${isPatient ? '' : 'skip locked'}),
     cancelled as (
       update events e set cancellations = coalesce(e.cancellations, '[]') || ${own} from locked where e.id = locked.id
       returning e.id)
     select (select count(*)::integer from found) as found, (select count(*)::integer from cancelled) as marked`,
    values,
  )
  if (!row) throw new Error('the database answered without a row')
  return row
}
