// Queue statistics, read from pg-boss's tables.
import { query, type Reader, toRows } from '../db.ts'
import { jobsSchema } from './queues.ts'

/** What jobs of a queue wake, counted by the ids that they name. */
export interface QueueCounts {
  name: string
  ready: number
  active: number
  /** Due later. The alarm of work that began at once is not. */
  deferred: number
  /** Out of retries; the sweep enqueues again what is still due. */
  failed: number
  /** How long the oldest ready job has waited; null if none is ready. */
  oldestSeconds: number | null
}

/** pg-boss's own connection. */
interface BossDb {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>
}

/** In pg-boss's fetch order, which its index serves. */
export async function oldestWaiting(db: BossDb, queue: string): Promise<Date | null> {
  const { rows } = await db.executeSql(
    `select created_on from ${jobsSchema}.job where name = $1 and state < 'active' and start_after <= now()
     order by priority desc, created_on, id limit 1`,
    [queue],
  )
  const [first] = toRows<{ createdOn: Date }>(rows)
  return first?.createdOn ?? null
}

/** The counts of these queues, in their order. */
export async function countsOf(db: Reader, names: string[]): Promise<QueueCounts[]> {
  return query<QueueCounts>(
    db,
    `select q.name, coalesce(c.ready, 0) as ready, coalesce(c.active, 0) as active, coalesce(c.deferred, 0) as deferred,
       coalesce(c.failed, 0) as failed, c.oldest_seconds
     from unnest($1::text[]) with ordinality as q(name, place)
     left join (
       select name, sum(jsonb_array_length(data->'ids')) filter (where state < 'active' and start_after <= now())::integer as ready,
         sum(jsonb_array_length(data->'ids')) filter (where state = 'active')::integer as active,
         sum(jsonb_array_length(data->'ids')) filter (where state < 'active' and start_after > now() and data->'isAlarm' is null)::integer as deferred,
         sum(jsonb_array_length(data->'ids')) filter (where state = 'failed')::integer as failed,
         floor(extract(epoch from now() - min(greatest(created_on, start_after))
           filter (where state < 'active' and start_after <= now())))::integer as oldest_seconds
       from ${jobsSchema}.job where name = any($1) and (state <= 'active' or state = 'failed') group by name
     ) c using (name) order by q.place`,
    [names],
  )
}
