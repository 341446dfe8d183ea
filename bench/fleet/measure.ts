// Measures what a simulation of workers needs: the cost of a delivered text, of an idle worker, of a NOTIFY and of a flush.
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import { jobsSchema } from '../../src/store/jobs/queues.ts'
import { planLists } from '../cases/deliver.ts'
import { textOf } from '../cases/samples.ts'
import { type Cost, startMeter, statementsOf } from '../cost.ts'
import type { Database } from '../database.ts'
import { median } from '../figures.ts'
import type { Options } from '../options.ts'
import { cpuMsOfFamily, cpuMsOfMachine, ownMiB } from '../proc.ts'
import { nowMs } from '../sender.ts'
import { startService } from '../service.ts'
import { allDelivered, openStage, postList, type Stage, until } from '../stage.ts'
import { measurePolls } from './polls.ts'
import { type Kinds, kindsOf } from './statements.ts'

const warmUp = 300
/** What is planned for one moment must be planned by then, also where the machine is busy. */
const leadMs = 14_000
/** For services that have just started to become idle. */
const settleMs = 4000
const further = 3

/** One stretch of deliveries. */
export interface Delivered {
  count: number
  perSecond: number
  cost: Cost
  kinds: Kinds
  workersMs: number
  standInMs: number
  /** The part of each core that others left to workers, stand-ins and Postgres. */
  speed: number
  /** Of a backend that has worked: the memory that it does not share. */
  backendMiB: number
}

/** Texts that were planned for one moment; or, in steps, a few every so often. */
export interface Texts {
  workers: number
  latencyMs: number
  count: number
  step?: { everyMs: number; count: number }
  cores: number
}

export async function measureTexts(
  options: Options,
  { workers, latencyMs, count, step, cores }: Texts,
): Promise<Delivered> {
  await using cleanup = new AsyncDisposableStack()
  const stage = await openStage(cleanup, options, { build: options.ours, workers, delayMs: latencyMs })
  const { database, vendors } = stage
  await postList(stage, warmUp, textOf)
  await allDelivered(stage, warmUp)
  const dueMs = systemClock.now().getTime() + leadMs
  await (step
    ? planSteps(stage, dueMs, count, step)
    : planLists(stage, count, textOf, { sendAt: new Date(dueMs).toISOString() }))
  const leftMs = dueMs - systemClock.now().getTime()
  if (leftMs < 200) throw new Error('planning took longer than the time ahead')
  await vendors.reset()
  await wait(leftMs - 100)
  const names = Object.fromEntries(stage.workers.map((worker, i) => [`worker ${i + 1}`, worker]))
  const meter = await startMeter(options, database, { ...names, 'stand-in': { pid: vendors.pid } })
  const pids = [...stage.workers.map(({ pid }) => pid), vendors.pid, options.server.pid]
  const othersMs = () => cpuMsOfMachine() - pids.reduce((sum, pid) => sum + cpuMsOfFamily(pid), 0)
  await until(async () => (await vendors.counted()).requests > 0, 5)
  const before = { others: othersMs(), at: nowMs() }
  await until(async () => (await vendors.counted()).requests >= count, 25)
  await allDelivered(stage, count, { before: warmUp })
  const endMs = nowMs()
  const others = (othersMs() - before.others) / (endMs - before.at)
  const kinds = kindsOf(await statementsOf(options.server.admin, database))
  const cost = await meter.stop()
  const { 'stand-in': standInMs = Number.NaN, ...ofWorkers } = cost.processMs
  const workersMs = Object.values(ofWorkers).reduce((sum, ms) => sum + ms, 0)
  const { firstMs } = await vendors.counted()
  const { backends } = await backendsOf(options, database)
  return {
    ...{ count, cost, kinds, workersMs, standInMs },
    perSecond: (count * 1000) / (endMs - firstMs),
    speed: Math.min(1, Math.max(0.05, 1 - others / cores)),
    backendMiB: median(backends.map(ownMiB)),
  }
}

async function planSteps(
  stage: Stage,
  dueMs: number,
  count: number,
  { everyMs, count: size }: { everyMs: number; count: number },
) {
  for (let i = 0; i * size < count; i++)
    await postList(stage, size, textOf, { sendAt: new Date(dueMs + i * everyMs).toISOString() })
}

/** What one more idle worker costs, by the difference between one and several. */
export interface Idle {
  /** A second: statements, and milliseconds of CPU. */
  statements: number
  postgresMs: number
  workerMs: number
  connections: number
  /** For each NOTIFY of the texts' queue: its statements, and Postgres's milliseconds of CPU. */
  wakeStatements: number
  wakePostgresMs: number
  /** Postgres's milliseconds of CPU for a poll that finds nothing, one after the other. */
  warmPollMs: number
}

export async function measureIdle(options: Options, forMs: number): Promise<Idle> {
  await using cleanup = new AsyncDisposableStack()
  const stage = await openStage(cleanup, options, { build: options.ours })
  await postList(stage, 10, textOf)
  await allDelivered(stage, 10)
  const one = await measureWaiting(options, stage, forMs)
  for (let i = 0; i < further; i++) {
    const worker = await startService(options.ours, 'worker', stage.env)
    cleanup.defer(() => worker.stop())
  }
  const several = await measureWaiting(options, stage, forMs)
  const warmPollMs = await measurePolls(options, stage.database, several.idle.postgresMs)
  const each = (of: (measured: typeof one) => number) => Math.max(0, of(several) - of(one)) / further
  return {
    statements: each(({ idle }) => idle.statements),
    postgresMs: each(({ idle }) => idle.postgresMs),
    workerMs: one.idle.workerMs,
    connections: each(({ connections }) => connections),
    wakeStatements: each(({ wake }) => wake.statements),
    wakePostgresMs: each(({ wake }) => wake.postgresMs),
    warmPollMs,
  }
}

const notifyEveryMs = 25

async function measureWaiting(options: Options, { database, worker }: Stage, forMs: number) {
  await wait(settleMs)
  const stretch = async (work: () => Promise<unknown>) => {
    const meter = await startMeter(options, database, { worker })
    await work()
    const { statements, postgresMs, processMs, elapsedMs } = await meter.stop()
    const seconds = elapsedMs / 1000
    return {
      statements: statements / seconds,
      postgresMs: postgresMs / seconds,
      workerMs: (processMs.worker ?? Number.NaN) / seconds,
      seconds,
    }
  }
  const idle = await stretch(() => wait(forMs))
  const notifies = Math.floor(forMs / notifyEveryMs)
  const woken = await stretch(async () => {
    for (let i = 0; i < notifies; i++) {
      await database.pool.query(
        `select /* bench */ pg_notify('pgboss_' || left(encode(sha224($1::bytea), 'hex'), 24), 'sms-normal')`,
        [jobsSchema],
      )
      await wait(notifyEveryMs)
    }
  })
  const perNotify = (name: 'statements' | 'postgresMs') => ((woken[name] - idle[name]) * woken.seconds) / notifies
  const { backends } = await backendsOf(options, database)
  return {
    idle,
    connections: backends.length,
    wake: { statements: perNotify('statements'), postgresMs: perNotify('postgresMs') },
  }
}

/** The processes of the service's connections. */
async function backendsOf({ server: { admin } }: Options, { name }: Database): Promise<{ backends: number[] }> {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = $1 and application_name like 'posthorn%'`,
    [name],
  )
  return { backends: rows.map(({ pid }) => pid) }
}
