// Citus next to our tables: they must stay ordinary ones of the coordinator, as locks that skip rows, foreign keys and triggers
// do not reach over shards.
import type pg from 'pg'
import { query } from './db.ts'
import { jobsSchema } from './jobs/queues.ts'
import { ownSchema } from './migrate.ts'

/** Why the schema cannot be used or made as it is; null if it can. Expects a server with Citus. */
export async function whyNotWithCitus(client: pg.Client): Promise<string | null> {
  // Ordinary tables that Citus knows have neither a distribution column nor a colocation, and are not replicated (repmodel t).
  const [table] = await query<{ name: string }>(
    client,
    `select logicalrelid::regclass::text as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
     where c.relnamespace in (select oid from pg_namespace where nspname in ($1, $2))
       and not (partmethod = 'n' and repmodel <> 't' and colocationid = 0) order by name limit 1`,
    [ownSchema, jobsSchema],
  )
  if (table)
    return `names a server of Citus that distributes ${table.name}: make it a local table with undistribute_table, as Posthorn locks rows and sets triggers that do not reach over shards`
  const [setting] = await query<{ distributes: boolean }>(
    client,
    `select current_setting('citus.enable_schema_based_sharding', true) = 'on' and to_regnamespace($1) is null as distributes`,
    [ownSchema],
  )
  return setting?.distributes
    ? 'names a server of Citus that distributes each new schema: set citus.enable_schema_based_sharding to off for its role'
    : null
}
