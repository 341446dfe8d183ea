// Databases with open connections, which the stages of a test process use one after another: a clone, a start of the job
// queue and new connections take longer than most tests.
import pg from 'pg'
import { openLog } from '../../src/log.ts'
import type { Backend } from '../../src/store/backends.ts'
import { type Db, openDb } from '../../src/store/db.ts'
import { type Jobs, openJobs } from '../../src/store/jobs/jobs.ts'
import { eventually, freshDatabase } from './world.ts'

export interface StageDatabase {
  /** As the service opens it; `release` ends it for this user alone. */
  db: Db
  jobs: Jobs
  /** For the test's own statements. */
  rows: pg.Pool
  /** Waits for open transactions to end. From then on `db` refuses statements, as an ended pool does. */
  release(): Promise<void>
}

interface Opened {
  backend: Backend
  url: string
  db: Db
  jobs: Jobs
  rows: pg.Pool
  schema: string
}

const free: Record<Backend, Opened[]> = { postgres: [], citus: [], yugabytedb: [], cockroachdb: [] }

/** A database as the template has it, with the queue of this backend. */
export async function takeDatabase(backend: Backend): Promise<StageDatabase> {
  const opened = free[backend].pop() ?? (await openDatabase(backend))
  const db: Db = Object.create(opened.db)
  let released = false
  const connect = opened.db.connect.bind(opened.db) as (...args: unknown[]) => unknown
  Object.assign(db, {
    connect(...args: [] | [(error: Error) => void]) {
      if (!released) return connect(...args)
      const error = new Error('Cannot use a pool after calling end on the pool')
      return args[0] ? args[0](error) : Promise.reject(error)
    },
  })
  return {
    db,
    // The queue stays open for the next user.
    jobs: { ...opened.jobs, stopFetching: () => {}, stop: async () => {} },
    rows: opened.rows,
    async release() {
      released = true
      for (const pool of [opened.db, opened.rows])
        await eventually(async () => pool.idleCount === pool.totalCount && pool.waitingCount === 0)
      await wipe(opened)
    },
  }
}

async function openDatabase(backend: Backend): Promise<Opened> {
  const { url } = await freshDatabase(backend)
  const log = openLog('silent')
  const rows = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=posthorn' })
  const jobs = await openJobs({ url, poolSize: 2, backend, maintain: false, log })
  return { backend, url, db: openDb({ url, poolSize: 12, log }), jobs, rows, schema: await schemaOf(rows) }
}

/**
 * Empties all tables but those that describe the schema, resets the one row that a migration makes, and starts every sequence
 * again. Triggers do not fire.
 */
const emptied = `
  do $$ declare one text; begin
    set local session_replication_role = replica;
    for one in select format('delete from %I.%I', schemaname, tablename) from pg_tables t
      join pg_class c on c.oid = format('%I.%I', schemaname, tablename)::regclass
      where schemaname in ('posthorn', 'posthorn_jobs') and not c.relispartition
        and (schemaname, tablename) not in (
          ('posthorn', 'migrations'), ('posthorn', 'minute_counts_state'), ('posthorn_jobs', 'version'), ('posthorn_jobs', 'queue'))
    loop execute one; end loop;
    update posthorn.minute_counts_state set counted_up_to = now() - interval '1 hour';
    perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) from pg_sequences
      where schemaname in ('posthorn', 'posthorn_jobs') and last_value is not null;
  end $$`

async function wipe(opened: Opened): Promise<void> {
  await opened.rows.query(emptied)
  // A database whose schema a test has changed is not used again.
  if ((await schemaOf(opened.rows)) === opened.schema) free[opened.backend].push(opened)
  else await Promise.all([opened.jobs.stop(0), opened.db.end(), opened.rows.end()])
}

/** Differs once anything was created, dropped or altered in the schema. */
async function schemaOf(rows: pg.Pool): Promise<string> {
  const { rows: found } = await rows.query(
    `select concat_ws(' ',
       (select count(*) || ':' || max(oid) from pg_class where oid >= 16384),
       (select count(*) || ':' || max(oid) from pg_trigger where oid >= 16384),
       (select count(*) || ':' || max(oid) from pg_constraint where oid >= 16384),
       (select count(*) || ':' || max(oid) from pg_proc where oid >= 16384)) as schema`,
  )
  return found[0].schema
}
