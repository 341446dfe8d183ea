// Citus next to our tables: they must stay ordinary ones of the coordinator, as neither triggers nor locks of rows reach over shards
// (https://docs.citusdata.com/en/stable/extra/triggers.html, https://docs.citusdata.com/en/stable/develop/reference_workarounds.html).
import type pg from 'pg'
import { query } from './db.ts'
import { jobsSchema } from './jobs/queues.ts'
import { ownSchema } from './migrate.ts'

/** Why the schema cannot be used or made as it is; null if it can. Expects a server with Citus. */
export async function whyNotWithCitus(client: pg.Client): Promise<string | null> {
  // A local table that Citus knows has neither a distribution column nor a colocation, and is not replicated (repmodel t).
  const [table] = await query<{ name: string }>(
    client,
    `select logicalrelid::regclass::text as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
     where c.relnamespace in (select oid from pg_namespace where nspname in ($1, $2))
       and not (partmethod = 'n' and repmodel <> 't' and colocationid = 0) order by name limit 1`,
    [ownSchema, jobsSchema],
  )
  if (table)
    return `names a server of Citus that distributes ${table.name}: make it a local table again, with undistribute_table or citus_schema_undistribute, as neither triggers nor locks of rows reach over shards`
  const [setting] = await query<{ distributes: boolean }>(
    client,
    `select current_setting('citus.enable_schema_based_sharding', true) = 'on' and to_regnamespace($1) is null as distributes`,
    [ownSchema],
  )
  return setting?.distributes
    ? 'names a server of Citus that distributes each new schema: set citus.enable_schema_based_sharding to off for its role'
    : null
}
