// The job queue, on pg-boss. Jobs are alarm clocks that carry ids and wake a stage; rows are the truth, so a lost, late or
// repeated job changes nothing that the rows do not allow.
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { v5 as uuidv5 } from 'uuid'
import { withSessionOptions } from '../connection.ts'
import { type Reader, stableSession, type Tx } from '../db.ts'
import { countsOf, oldestWaiting, type QueueCounts } from './queue-stats.ts'
import { idsPerJob, type Job, jobsSchema, queueOf, queues, rankOf, type Stage } from './queues.ts'
import { type JobData, type WorkerPool, workerPool } from './worker-pool.ts'

/** Called for each id of a job. `isRepeat`: the job failed before, or was lost, as when its process died. */
export type Work = (id: string, isRepeat?: boolean) => Promise<void>

export interface Jobs {
  /** Inserts jobs in the caller's transaction: they exist if and only if it commits. */
  enqueue(tx: Tx, newJobs: Job[]): Promise<void>
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
  /** False: this process leaves cron schedules and the care of the queues to others. */
  maintain?: boolean
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

const jobNamespace = '5b7f7c1e-3a52-4f0c-9d8e-0c6f3f1f8a11'

/** For pg-boss's own pool: a silently disconnected server must not block its workers for ever. */
const poolOptions: object = { query_timeout: 30_000, keepAlive: true }
/** The shortest time in which pg-boss stops. */
const stopTakesMs = 1000

/** Connects, migrates pg-boss's schema and creates the queues. */
export async function openJobs({ url, poolSize, maintain = true, log }: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: withSessionOptions(url, stableSession),
    schema: jobsSchema,
    application_name: 'posthorn jobs',
    max: poolSize,
    connectionTimeoutMillis: 3000,
    useListenNotify: true,
    supervise: maintain,
    schedule: maintain,
    superviseIntervalSeconds: 30,
    // Would write a row for each process every 30 s that we do not read.
    registerInstance: false,
    // The schema exists already, and the role may not be allowed to create one.
    createSchema: false,
    ...poolOptions,
  })
  boss.on('error', (error) => log.error({ error: error.message }, 'job queue error'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'job queue warning'))
  await boss.start()
  await createQueues(boss)
  const pools: WorkerPool[] = []
  let draining: { since: number; done: Promise<void> } | null = null
  const drain = () => {
    draining ??= { since: performance.now(), done: allDone(boss, pools) }
    return draining
  }
  return {
    enqueue: (tx, newJobs) => enqueue(boss, tx, newJobs),
    cron: (schedules) => setCron(boss, schedules),
    work: (stage, work) => startWorkers({ boss, pools, log }, stage, work),
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
async function createQueues(boss: PgBoss): Promise<void> {
  const existing = await boss.getQueues(queues.map(({ name }) => name))
  const names = new Set(existing.map(({ name }) => name))
  for (const { name, expireInSeconds } of queues.filter((queue) => !names.has(queue.name)))
    await boss.createQueue(name, {
      partition: true,
      notify: true,
      retryLimit: 5,
      retryDelay: 2,
      retryBackoff: true,
      expireInSeconds,
      // Jobs may be due far in the future (`sendAt`); the sweep replaces any that expire.
      retentionSeconds: 400 * 24 * 3600,
      deleteAfterSeconds: 3600,
    })
}

async function enqueue(boss: PgBoss, tx: Tx, newJobs: Job[]): Promise<void> {
  for (const [queue, jobs] of Map.groupBy(newJobs, queueOf)) {
    const groups = [...Map.groupBy(jobs, groupKey).values()].flatMap((all) => chunksOf(all, idsPerJob[queue] ?? 1))
    await boss.insert(
      queue,
      groups.map((group) => ({
        data: { ids: group.map(({ id }) => id), ...(group[0].isRepeat && { isRepeat: true }) },
        priority: rankOf(group[0]),
        ...(group[0].at && { startAfter: group[0].at }),
        ...(group[0].mark && { id: uuidv5(`${queue}:${group[0].id}:${group[0].mark}`, jobNamespace) }),
      })),
      { db: within(tx) },
    )
  }
}

/** Jobs of a queue with the same text become one job, up to its number of ids. A job with a mark stays alone. */
function groupKey(job: Job): string {
  const isOwn = job.mark !== undefined
  return JSON.stringify([rankOf(job), job.at ?? null, job.isRepeat ?? false, isOwn ? job.id : null])
}

type Group = [Job, ...Job[]]

function chunksOf(jobs: Job[], size: number): Group[] {
  const chunks: Group[] = []
  for (const job of jobs) {
    const last = chunks.at(-1)
    if (last && last.length < size) last.push(job)
    else chunks.push([job])
  }
  return chunks
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

/** Runs pg-boss's statements in our transaction, as named statements: Postgres plans the large insert once a connection. */
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
  { boss, pools, log }: { boss: PgBoss; pools: WorkerPool[]; log: JobsOptions['log'] },
  stage: Stage,
  work: Work,
): Promise<void> {
  for (const { name, batchSize, localConcurrency, atWork } of queues.filter((queue) => queue.stage === stage)) {
    const pool = workerPool({
      work,
      atWork: atWork ?? null,
      failed: (id, error) => log.warn({ stage, id, err: error }, 'job failed; it will be retried'),
    })
    pools.push(pool)
    const options = {
      batchSize,
      localConcurrency,
      // NOTIFY wakes workers for jobs that are due now; later ones are found by this poll.
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
      perJobResults: true,
      // For the number of retries.
      includeMetadata: true,
    } as const
    await boss.work<JobData, void, typeof options>(name, options, pool.work)
  }
}

/** Stops fetching and waits for all running jobs. */
async function allDone(boss: PgBoss, pools: WorkerPool[]): Promise<void> {
  await Promise.all(queues.map(({ name }) => boss.offWork(name)))
  await Promise.all(pools.map((pool) => pool.idle()))
}
