// Pressure on Postgres: deliveries while a transaction holds an old snapshot, while the database is dumped, and while a
// replication slot is idle.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import type { Database } from '../database.ts'
import { type CaseResult, measure } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { nowMs } from '../sender.ts'
import type { Build } from '../service.ts'
import { allDelivered, postList } from '../stage.ts'
import { openWarmStage } from './deliver.ts'
import { ratios } from './ratios.ts'
import { textOf } from './samples.ts'

type Press = (cleanup: AsyncDisposableStack, options: Options, database: Database) => Promise<void>

const presses: Record<string, Press> = {
  'a REPEATABLE READ transaction': holdSnapshot,
  pg_dump: dumpAgain,
  'an idle replication slot': holdSlot,
}
const perEvent = 1000

export async function pressure(options: Options): Promise<CaseResult> {
  const seconds = sized(options, { quick: 3, usual: 10, long: 600 })
  const skipped: string[] = []
  const chosen = Object.entries(presses)
  if (!(await canDump(options))) {
    chosen.splice(1, 1)
    skipped.push('pg_dump: not installed, or older than the server')
  }
  const run = async (build: Build, press: Press | null) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openWarmStage(cleanup, options, build, textOf)
    const { database, worker } = stage
    await press?.(cleanup, options, database)
    const meter = await startMeter(options, database, { worker })
    const startMs = nowMs()
    let sent = 0
    while (nowMs() - startMs < seconds * 1000) {
      await postList(stage, perEvent, textOf)
      sent += perEvent
      await stage.vendors.reset()
      await allDelivered(stage, perEvent, { before: 300 + sent - perEvent })
    }
    const endMs = nowMs()
    const cost = await meter.stop()
    const held = await deadTuples(database)
    return [
      measure('messages', '/s', sent / ((endMs - startMs) / 1000)),
      measure('dead tuples that remain', '', held),
      ...costEach(cost, sent, 'a message'),
    ]
  }
  const contenders = builds(options).flatMap(({ build, name, kind }) => [
    { name, kind, run: () => run(build, null) },
    ...chosen.map(([what, press]) => ({ name: `${name}, ${what}`, kind, run: () => run(build, press) })),
  ])
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'pressure',
    conditions: `Events of ${perEvent} texts, one after the other for ${seconds} s, planned and delivered by one worker.`,
    contenders: results,
    ratios: chosen.flatMap(([what]) => ratios(results, 'messages', { ours: 0.8 }, `ours, ${what}`)),
    skipped,
  }
}

/** Counted in the tables themselves: the statistics are late. */
async function deadTuples({ pool }: Database): Promise<number> {
  await pool.query('create extension if not exists pgstattuple')
  const { rows } = await pool.query<{ dead: number }>(
    `select /* bench */ sum((pgstattuple(c.oid::regclass)).dead_tuple_count)::float as dead
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('posthorn', 'posthorn_jobs')`,
  )
  return rows[0]?.dead ?? Number.NaN
}

async function holdSnapshot(cleanup: AsyncDisposableStack, _: Options, { url }: Database): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  cleanup.defer(() => client.end())
  await client.query('begin isolation level repeatable read')
  await client.query('select /* bench */ count(*) from posthorn.events')
}

async function holdSlot(cleanup: AsyncDisposableStack, { server: { admin } }: Options): Promise<void> {
  const name = 'posthorn_bench'
  await admin.query('select pg_create_physical_replication_slot($1, true)', [name])
  cleanup.defer(async () => {
    await admin.query('select pg_drop_replication_slot($1)', [name])
  })
}

const dump = promisify(execFile)

async function canDump({ server }: Options): Promise<boolean> {
  try {
    const { stdout } = await dump('pg_dump', ['--version'])
    const major = (text: string) => Number(/(\d+)(\.\d+)?/.exec(text)?.[1])
    return major(stdout) >= major(server.facts.server_version ?? '')
  } catch {
    return false
  }
}

async function dumpAgain(cleanup: AsyncDisposableStack, _: Options, { url }: Database): Promise<void> {
  let isOver = false
  const running = (async () => {
    while (!isOver) await dump('pg_dump', ['--dbname', url, '--format=custom', '--file=/dev/null'])
  })()
  cleanup.defer(async () => {
    isOver = true
    await running
  })
}
