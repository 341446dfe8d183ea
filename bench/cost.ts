// What a stretch of work cost: statements, commits, WAL, dead tuples, and CPU time of processes and of Postgres.
import type pg from 'pg'
import type { Database } from './database.ts'
import { type Measure, measure } from './figures.ts'
import type { CpuProfile, Profiler } from './inspector.ts'
import type { Options } from './options.ts'
import { cpuMsOfFamily } from './proc.ts'
import { keepProfiles, type Statement } from './profile.ts'

export interface Cost {
  statements: number
  /** Transactions that wrote. */
  commits: number
  walBytes: number
  /** Row versions that updates and deletes left behind, and how many of the updates were HOT. */
  deadTuples: number
  updates: number
  hotUpdates: number
  indexEntries: number
  processMs: Record<string, number>
  postgresMs: number
  elapsedMs: number
}

export interface Meter {
  stop(): Promise<Cost>
}

interface Measured {
  pid: number
  profiler?: Profiler | null
}

/** Starts to count. `processes` names the processes whose CPU time is wanted, with that of their children. */
export async function startMeter(
  { server: { admin, pid, counts }, profiles }: Pick<Options, 'server' | 'profiles'>,
  database: Database,
  processes: Record<string, Measured>,
): Promise<Meter> {
  if (counts.statements)
    await admin.query('select pg_stat_statements_reset(0, (select oid from pg_database where datname = $1), 0)', [
      database.name,
    ])
  for (const { profiler } of Object.values(processes)) profiler?.start()
  const from = await position(admin)
  const cpu = () => Object.fromEntries(Object.entries(processes).map(([name, one]) => [name, cpuMsOfFamily(one.pid)]))
  const before = { cpu: cpu(), postgres: cpuMsOfFamily(pid), at: performance.now() }
  return {
    async stop() {
      const elapsedMs = performance.now() - before.at
      const after = cpu()
      const postgresMs = cpuMsOfFamily(pid) - before.postgres
      const until = await position(admin)
      const statements = counts.statements ? await statementsOf(admin, database) : null
      if (profiles) keepProfiles(profiles, statements ?? [], await profilesOf(processes))
      return {
        statements: statements?.reduce((sum, { calls }) => sum + calls, 0) ?? Number.NaN,
        walBytes: until - from,
        ...(counts.writes ? await writesBetween(admin, from, until) : unknownWrites),
        processMs: Object.fromEntries(
          Object.entries(after).map(([name, ms]) => [name, ms - (before.cpu[name] ?? Number.NaN)]),
        ),
        postgresMs,
        elapsedMs,
      }
    },
  }
}

/** The costs of one of `count` equal things; `what` is its name with an article. */
export function costEach(cost: Cost, count: number, what: string): Measure[] {
  const each = (name: string, unit: string, value: number) => measure(`${name} ${what}`, unit, value / count)
  return [
    each('statements', '', cost.statements),
    each('commits', '', cost.commits),
    each('WAL', 'B', cost.walBytes),
    each('dead tuples', '', cost.deadTuples),
    each('index entries', '', cost.indexEntries),
    measure('share of HOT updates', '%', cost.updates > 0 ? (100 * cost.hotUpdates) / cost.updates : 0),
    ...Object.entries(cost.processMs).map(([name, ms]) => each(`CPU of the ${name}`, 'ms', ms)),
    each('CPU of Postgres', 'ms', cost.postgresMs),
  ]
}

const unknownWrites = {
  commits: Number.NaN,
  deadTuples: Number.NaN,
  updates: Number.NaN,
  hotUpdates: Number.NaN,
  indexEntries: Number.NaN,
}

async function position(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ bytes: string }>(`select pg_current_wal_flush_lsn() - '0/0'::pg_lsn as bytes`)
  return Number(rows[0]?.bytes)
}

/**
 * The statements since the meter was started, the most expensive first. Those of the benchmark itself carry its mark; checks of
 * foreign keys are Postgres's own.
 */
export async function statementsOf(admin: pg.Client, { name }: Database): Promise<Statement[]> {
  const { rows } = await admin.query<Statement>(
    `select sum(calls)::float as calls, sum(total_exec_time + total_plan_time)::float as "totalMs",
       sum(rows)::float as rows, sum(wal_bytes)::float as "walBytes", query as text
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = $1) and query not like '%/* bench */%'
       and query not like 'SELECT 1 FROM ONLY %'
     group by query order by "totalMs" desc`,
    [name],
  )
  return rows
}

async function profilesOf(processes: Record<string, Measured>): Promise<Record<string, CpuProfile>> {
  const profiles: Record<string, CpuProfile> = {}
  for (const [name, { profiler }] of Object.entries(processes)) if (profiler) profiles[name] = await profiler.stop()
  return profiles
}

/** Counted in the WAL itself: unlike the statistics of tables, it is complete at once. */
async function writesBetween(admin: pg.Client, from: number, until: number): Promise<typeof unknownWrites> {
  const { rows } = await admin.query<{ record: string; count: string }>(
    `select "resource_manager/record_type" as record, count
     from pg_get_wal_stats('0/0'::pg_lsn + $1::numeric, '0/0'::pg_lsn + $2::numeric, true)`,
    [from, until],
  )
  const count = (pattern: RegExp) =>
    rows.reduce((sum, row) => sum + (pattern.test(row.record) ? Number(row.count) : 0), 0)
  const hotUpdates = count(/^Heap\/HOT_UPDATE/)
  const updates = hotUpdates + count(/^Heap\/UPDATE/)
  return {
    commits: count(/^Transaction\/COMMIT/),
    deadTuples: updates + count(/^Heap\/DELETE/),
    updates,
    hotUpdates,
    indexEntries: count(/^Btree\/INSERT/) + count(/^Gin\/INSERT/),
  }
}
