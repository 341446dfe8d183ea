// Counts the events that have not been planned to their end, and cancels what they have yet to make.
import { query, type Reader, toJson } from '../db.ts'
import { type EventFilter, eventClauses } from '../notifications/cancellations.ts'
import { type Add, type Clauses, conditionsOf, parameters } from '../parameters.ts'
import type { PlanCancellation } from './plans.ts'

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

/**
 * Cancels what at most `limit` of these events have yet to make, and returns how many it found; 0 once each has this cancellation.
 * The lock on an event decides: a part stored before it is there for the next statement to see, and one stored after it reads the
 * cancellation.
 */
export async function cancelPlans(
  db: Reader,
  filter: PlanFilter,
  { limit, ...cancellation }: PlanCancellation & { limit: number },
): Promise<number> {
  const { values, add } = parameters()
  const isOpen = isBeingPlanned(filter, add)
  const [own, scope] = [[cancellation], [{ notifier: cancellation.notifier }]].map(
    (one) => `${add(toJson(one))}::jsonb`,
  )
  const rows = await query<{ n: number }>(
    db,
    `with found as materialized (
       select e.id from events e where ${isOpen} and not coalesce(e.cancellations @> ${scope}, false) limit ${limit}),
     -- In the order in which plans lock them.
     locked as materialized (
       select e.id from events e where e.id = any(array(select id from found)) and e.status = 'accepted'
       order by e.id for no key update),
     cancelled as (
       update events e set cancellations = coalesce(e.cancellations, '[]') || ${own} from locked
       where e.id = locked.id and e.status = 'accepted')
     select count(*)::integer as n from found`,
    values,
  )
  return rows[0]?.n ?? 0
}
