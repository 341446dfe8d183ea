// Jobs are alarm clocks: they carry an id and wake a stage. The only file that knows pg-boss.
// Rows are the truth: a job lost, late or rung twice changes nothing that the rows do not allow.
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { v5 as uuidv5 } from 'uuid'
import { withSessionOptions } from '../connection.ts'
import { stableSession, type Tx } from '../db.ts'
import { countsOf, oldestWaiting, type QueueCounts } from './queue-stats.ts'
import { type Job, jobsSchema, queueOf, queues, rankOf, type Stage } from './queues.ts'
import { type WorkerPool, workerPool } from './worker-pool.ts'

export interface Jobs {
  /** Sets alarms in the caller's transaction: they exist if and only if it commits. */
  enqueue(tx: Tx, newJobs: Job[]): Promise<void>
  /** Rings each of these by cron, once over all processes; in place of what was set under its name before. */
  cron(schedules: { name: string; cron: string; timezone: string }[]): Promise<void>
  /** Starts workers; `work` is called once a ring, many at a time. What it throws is rung again later. */
  work(stage: Stage, work: (id: string) => Promise<void>): Promise<void>
  /** When the job that is next in this queue was set; null where none waits that is due. */
  oldestWaiting(queue: string): Promise<Date | null>
  /** What waits where, as pg-boss has it. */
  counts(): Promise<QueueCounts[]>
  /** Fetches nothing any more. */
  rest(): void
  /** Stops fetching and waits for what is in flight, at most `graceMs` from then or from `rest`. */
  stop(graceMs: number): Promise<void>
}

export interface JobsOptions {
  url: string
  poolSize: number
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

const jobNamespace = '5b7f7c1e-3a52-4f0c-9d8e-0c6f3f1f8a11'

/** For pg-boss's own pool: a server that is cut off without a word must not hold its workers for ever. */
const poolOptions: object = { query_timeout: 30_000, keepAlive: true }
/** pg-boss takes that long to stop, however little it is given. */
const stopTakesMs = 1000

/** Connects, brings pg-boss's schema up to date and makes the queues. */
export async function openJobs({ url, poolSize, log }: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: withSessionOptions(url, stableSession),
    schema: jobsSchema,
    application_name: 'posthorn jobs',
    max: poolSize,
    connectionTimeoutMillis: 3000,
    useListenNotify: true,
    superviseIntervalSeconds: 30,
    // A row a process, written every half minute, that nobody here reads.
    registerInstance: false,
    // The schema is there: a role that may not create one has it from somebody else.
    createSchema: false,
    ...poolOptions,
  })
  boss.on('error', (error) => log.error({ error: error.message }, 'the job queue reported an error'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the job queue warned'))
  await boss.start()
  await createQueues(boss)
  const pools: WorkerPool[] = []
  let resting: { since: number; done: Promise<void> } | null = null
  const rest = () => {
    resting ??= { since: performance.now(), done: allDone(boss, pools) }
    return resting
  }
  return {
    enqueue: (tx, newJobs) => enqueue(boss, tx, newJobs),
    cron: (schedules) => setCron(boss, schedules),
    work: (stage, work) => startWorkers(boss, pools, stage, work, log),
    oldestWaiting: (queue) => oldestWaiting(boss.getDb(), queue),
    counts: () =>
      countsOf(
        boss.getDb(),
        queues.map(({ name }) => name),
      ),
    rest: () => void rest(),
    async stop(graceMs) {
      const { since, done } = rest()
      const leftMs = graceMs - stopTakesMs - (performance.now() - since)
      if (leftMs > 0) await Promise.race([done, wait(leftMs, undefined, { ref: false })])
      await boss.stop({ graceful: graceMs > 0, timeout: stopTakesMs, close: true })
    },
  }
}

async function createQueues(boss: PgBoss): Promise<void> {
  for (const { name, expireInSeconds } of queues)
    await boss.createQueue(name, {
      partition: true,
      notify: true,
      retryLimit: 5,
      retryDelay: 2,
      retryBackoff: true,
      expireInSeconds,
      // Alarms may be set far ahead (sendAt); one that nobody fetched in time is rung again by the sweep.
      retentionSeconds: 400 * 24 * 3600,
      deleteAfterSeconds: 3600,
    })
}

async function enqueue(boss: PgBoss, tx: Tx, newJobs: Job[]): Promise<void> {
  const byQueue = Map.groupBy(newJobs, queueOf)
  for (const [queue, rung] of byQueue)
    await boss.insert(
      queue,
      rung.map((job) => ({
        data: { id: job.id },
        priority: rankOf(job),
        ...(job.at && { startAfter: job.at }),
        ...(job.mark && { id: uuidv5(`${queue}:${job.id}:${job.mark}`, jobNamespace) }),
      })),
      { db: within(tx) },
    )
}

async function setCron(boss: PgBoss, schedules: { name: string; cron: string; timezone: string }[]): Promise<void> {
  for (const { name, cron, timezone } of schedules)
    await boss.schedule(
      queueOf({ stage: 'schedule', priority: 'normal' }),
      cron,
      { id: name },
      { tz: timezone, key: name },
    )
}

/** pg-boss's statements through our transaction, named, so that Postgres plans the large insert once a connection. */
function within(tx: Tx) {
  return {
    async executeSql(text: string, values?: unknown[]) {
      if (!values?.length) return tx.query(text)
      const name = `boss-${createHash('sha1').update(text).digest('hex').slice(0, 16)}`
      return tx.query({ name, text, values })
    },
  }
}

async function startWorkers(
  boss: PgBoss,
  pools: WorkerPool[],
  stage: Stage,
  work: (id: string) => Promise<void>,
  log: JobsOptions['log'],
): Promise<void> {
  for (const { name, batchSize, localConcurrency, atWork } of queues.filter((queue) => queue.stage === stage)) {
    const pool = workerPool({
      work,
      atWork: atWork ?? null,
      failed: (id, error) => log.warn({ stage, id, err: error }, 'a job failed; it is tried again'),
    })
    pools.push(pool)
    const options = {
      batchSize,
      localConcurrency,
      // NOTIFY wakes for jobs that are due now; alarms set ahead are met by this poll.
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
      perJobResults: true,
    } as const
    await boss.work<{ id: string }, void, typeof options>(name, options, pool.work)
  }
}

/** No more is fetched, and what was is at its end. */
async function allDone(boss: PgBoss, pools: WorkerPool[]): Promise<void> {
  await Promise.all(queues.map(({ name }) => boss.offWork(name)))
  await Promise.all(pools.map((pool) => pool.idle()))
}
