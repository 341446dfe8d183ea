// The job queue, on pg-boss. Jobs are alarm clocks that carry ids and wake a stage; rows are the truth, so a lost, late or
// repeated job changes nothing that the rows do not allow.
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { type Backend, traitsOf } from '../backends.ts'
import { stableSession, withSessionOptions } from '../connection.ts'
import type { Reader, Tx } from '../db.ts'
import { oldestFirst } from '../oldest-first.ts'
import { type Alarms, alarmsOf } from './alarms.ts'
import { watchDue } from './due.ts'
import { type EnqueueContext, prepare } from './enqueue.ts'
import { countsOf, oldestWaiting, type QueueCounts } from './queue-stats.ts'
import { type Job, jobsSchema, queueOf, queues, type Stage } from './queues.ts'
import type { Work, WorkerPool } from './worker-pool.ts'
import { startWorkers, type WorkersContext, wakeOneAtATime } from './workers.ts'

export interface Jobs {
  /**
   * Inserts jobs in the caller's transaction: they exist if and only if it commits. A process with free workers
   * does due ones itself after the commit; then the job is late, and is deleted once it has been done.
   */
  enqueue(tx: Tx, newJobs: Job[]): Promise<void>
  /** The same in two steps: answers a function that sends the inserts before it first waits, so that a COMMIT may go with them. */
  prepare(tx: Tx, newJobs: Job[]): Promise<() => Promise<void>>
  /** Enqueues each schedule's job by cron, once over all processes; replaces an earlier schedule of the name. */
  cron(schedules: { name: string; cron: string; timezone: string }[]): Promise<void>
  /** Starts workers, which call `work` for each id of each job, many at a time. A job of which an id fails is retried later. */
  work(stage: Stage, work: Work): Promise<void>
  /** When the next due job of this queue was created; null if none waits. */
  oldestWaiting(queue: string): Promise<Date | null>
  /** The counts of each queue. */
  counts(db: Reader): Promise<QueueCounts[]>
  /** Stops fetching. */
  stopFetching(): void
  /** Stops fetching and waits for running jobs, at most `graceMs` from when it stopped fetching. */
  stop(graceMs: number): Promise<void>
}

export interface JobsOptions {
  url: string
  poolSize: number
  /** Asked for what has become due; without it, workers find that by their polls alone. */
  db?: Reader
  /** Default: Postgres. */
  backend?: Backend
  /** False: this process leaves cron schedules and the care of the queues to others. */
  maintain?: boolean
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

/** For pg-boss's own pool: a silently disconnected server must not block its workers for ever. */
const poolOptions: object = { query_timeout: 30_000, keepAlive: true }
/** The shortest time in which pg-boss stops. */
const stopTakesMs = 1000

/** Connects, migrates pg-boss's schema and creates the queues. */
export async function openJobs({
  url,
  poolSize,
  db,
  backend = 'postgres',
  maintain = true,
  log,
}: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: withSessionOptions(url, stableSession),
    schema: jobsSchema,
    backend,
    application_name: 'posthorn jobs',
    max: poolSize,
    connectionTimeoutMillis: 3000,
    useListenNotify: traitsOf(backend).notifies,
    supervise: maintain,
    schedule: maintain,
    superviseIntervalSeconds: 30,
    // For jobs that wait for others, of which we have none: each time it plans a large statement for every queue.
    flowIntervalSeconds: 24 * 3600,
    // Would write a row for each process every 30 s that we do not read.
    registerInstance: false,
    // The schema exists already, and the role may not be allowed to create one.
    createSchema: false,
    ...poolOptions,
  })
  boss.on('error', (error) => log.error({ error: error.message }, 'job queue error'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'job queue warning'))
  const fetchers: WorkersContext['fetchers'] = new Map()
  wakeOneAtATime(boss, fetchers)
  await boss.start()
  const { pool } = boss.getDb() as { pool?: pg.Pool }
  if (pool) oldestFirst(pool)
  await createQueues(boss, backend)
  const pools = new Map<string, WorkerPool>()
  const alarms = alarmsOf(boss)
  const due = db && watchDue(db)
  let draining: { since: number; done: Promise<void> } | null = null
  const drain = () => {
    draining ??= { since: performance.now(), done: allDone(boss, [...pools.values()], alarms) }
    due?.stop()
    return draining
  }
  const own: EnqueueContext = { boss, alarms, poolOf: (queue) => (draining ? undefined : pools.get(queue)) }
  return {
    async enqueue(tx, newJobs) {
      const send = await prepare(own, tx, newJobs)
      await send()
    },
    prepare: (tx, newJobs) => prepare(own, tx, newJobs),
    cron: (schedules) => setCron(boss, schedules),
    work: (stage, work) => startWorkers({ boss, pools, fetchers, due, log }, stage, work),
    oldestWaiting: (queue) => oldestWaiting(boss.getDb(), queue),
    counts: (db) =>
      countsOf(
        db,
        queues.map(({ name }) => name),
      ),
    stopFetching: () => void drain(),
    async stop(graceMs) {
      const { since, done } = drain()
      const leftMs = graceMs - stopTakesMs - (performance.now() - since)
      if (leftMs > 0) await Promise.race([done, wait(leftMs, undefined, { ref: false })])
      await boss.stop({ graceful: graceMs > 0, timeout: stopTakesMs, close: true })
    },
  }
}

/** Creates the missing ones: pg-boss never changes a queue that exists, and each call costs it several statements. */
async function createQueues(boss: PgBoss, backend: Backend): Promise<void> {
  const { partitionsQueues, notifies } = traitsOf(backend)
  const existing = await boss.getQueues(queues.map(({ name }) => name))
  const names = new Set(existing.map(({ name }) => name))
  for (const { name, expireInSeconds } of queues.filter((queue) => !names.has(queue.name)))
    await boss.createQueue(name, {
      partition: partitionsQueues,
      notify: notifies,
      retryLimit: 5,
      retryDelay: 2,
      retryBackoff: true,
      expireInSeconds,
      // Jobs may be due far in the future (`sendAt`); the sweep replaces any that expire.
      retentionSeconds: 400 * 24 * 3600,
      deleteAfterSeconds: 3600,
    })
}

async function setCron(boss: PgBoss, schedules: { name: string; cron: string; timezone: string }[]): Promise<void> {
  for (const { name, cron, timezone } of schedules)
    await boss.schedule(
      queueOf({ stage: 'schedule', priority: 'normal' }),
      cron,
      { ids: [name] },
      { tz: timezone, key: name },
    )
}

/** Stops fetching and waits for all running jobs. */
async function allDone(boss: PgBoss, pools: WorkerPool[], alarms: Alarms): Promise<void> {
  await Promise.all(queues.map(({ name }) => boss.offWork(name)))
  await Promise.all(pools.map((pool) => pool.idle()))
  await alarms.flush()
}
