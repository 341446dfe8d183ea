// Finds who holds the xmin horizon: while it stands, Postgres can remove no dead row, and tables and indexes grow.
import { type Db, query } from './db.ts'

export interface HorizonHolder {
  kind: 'transaction' | 'standby' | 'prepared transaction' | 'replication slot'
  /** Differs for each transaction, and for each slot. */
  id: string
  /** The server process; null where there is none, as for an idle slot. */
  pid: number | null
  /** The application's, the transaction's or the slot's name. */
  name: string | null
  /** How long it has been held; null where the server does not say. */
  seconds: number | null
  /** How many transactions the horizon is behind. */
  transactions: number
}

/** A standby that keeps up is always a little behind. */
const standbyBehind = 100_000

/**
 * The oldest first: transactions and prepared transactions of this database that have lasted for `longerThanMs`, standbys that
 * are far behind, and idle slots. Sessions of other roles are seen with the rights of `pg_read_all_stats` only.
 */
export async function horizonHolders(db: Db, longerThanMs: number): Promise<HorizonHolder[]> {
  return query<HorizonHolder>(
    db,
    `select 'transaction' as kind, concat_ws(' ', pid, xact_start) as id, pid, coalesce(nullif(application_name, ''), usename) as name,
       extract(epoch from now() - xact_start)::integer as seconds, age(coalesce(backend_xmin, backend_xid)) as transactions
     from pg_stat_activity
     where backend_type = 'client backend' and datname = current_database() and pid <> pg_backend_pid()
       and coalesce(backend_xmin, backend_xid) is not null and xact_start <= now() - $1 * interval '1 ms'
       -- A vacuum holds nothing.
       and query !~* '^\\s*vacuum'
     union all
     select 'standby', concat_ws(' ', pid, backend_start), pid, application_name, null, age(backend_xmin)
     from pg_stat_activity where backend_type = 'walsender' and age(backend_xmin) > $2
     union all
     select 'prepared transaction', gid, null, gid, extract(epoch from now() - prepared)::integer, age(transaction)
     from pg_prepared_xacts where database = current_database() and prepared <= now() - $1 * interval '1 ms'
     union all
     select 'replication slot', slot_name, active_pid, slot_name, null, age(xmin)
     from pg_replication_slots where xmin is not null and (not active or age(xmin) > $2)
     order by transactions desc`,
    [longerThanMs, standbyBehind],
  )
}
