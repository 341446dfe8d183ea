// Runs the jobs of a queue so that a slow one does not block the rest: a batch ends after a grace period, and unfinished work
// continues while more is fetched.
import { setTimeout as wait } from 'node:timers/promises'
import type { FoundEvent } from '../../domain/stored-event.ts'

export interface JobData {
  ids: string[]
  isRepeat?: boolean
  isAlarm?: boolean
}

/** Why an id is worked on. */
export type Occasion =
  /** Its job was fetched for the first time. */
  | 'fetched'
  /** By the process that enqueued it, which left an alarm. */
  | 'at once'
  /** That alarm is due: what began at once has failed, is still running, or its process has died. */
  | 'alarm'
  /** Its job failed before, or was lost, as when its process died. */
  | 'repeat'

/** Called for each id of a job; with its event where it was stored with the job and the work is begun at once. */
export type Work = (id: string, occasion?: Occasion, event?: FoundEvent) => Promise<void>

interface PooledJob {
  id: string
  data: JobData
  /** How often it failed or expired before. */
  retryCount?: number
  /** The events that were stored with it, by their ids, where it was not fetched. */
  events?: Map<string, FoundEvent>
}

export interface WorkerPool {
  /** Resolves once all jobs are done or the grace period is over, and fewer ids than the maximum are in progress. */
  work(jobs: PooledJob[]): Promise<JobEnd[]>
  /** How many more ids it may do that it has not fetched. */
  free(): number
  /** Does a job that it has not fetched, and then calls `done`, unless an id failed. */
  start(job: PooledJob, done: () => void): void
  /** Resolves when no work is left. */
  idle(): Promise<void>
}

export type JobEnd = { id: string; status: 'completed' } | { id: string; status: 'failed'; output: { message: string } }

interface WorkerPoolOptions {
  work(id: string, occasion: Occasion, event?: FoundEvent): Promise<void>
  /** No more jobs are fetched while this many ids are in progress; null: a batch waits for all its jobs. */
  atWork: number | null
  /** It is free for what it has not fetched while fewer ids are in progress. */
  atOnce: number
  /** Called for each id that fails. */
  failed(id: string, error: unknown): void
}

/** Longer than most calls take; the longest that a hanging call delays the next batch. */
const graceMs = 250

export function workerPool({ work, atWork: most, atOnce, failed }: WorkerPoolOptions): WorkerPool {
  const atWork = new Set<Promise<void>>()
  const started = new Set<Promise<void>>()
  /** A job fails with the first of its ids that fails, once all have ended. */
  const run = async ({ id: job, data, events }: PooledJob, occasion: Occasion): Promise<JobEnd> => {
    let end: JobEnd = { id: job, status: 'completed' }
    const tasks = data.ids.map((id) => {
      const task = work(id, occasion, events?.get(id))
        .catch((error) => {
          failed(id, error)
          if (end.status === 'completed') end = { id: job, status: 'failed', output: { message: nameOf(error) } }
        })
        .finally(() => atWork.delete(task))
      atWork.add(task)
      return task
    })
    await Promise.all(tasks)
    return end
  }
  return {
    async work(jobs) {
      const ends = new Map<string, JobEnd>()
      const all = Promise.all(jobs.map(async (job) => ends.set(job.id, await run(job, occasionOf(job)))))
      await (most === null ? all : untilDoneOrGraceOver(all))
      while (most !== null && atWork.size >= most) await Promise.race(atWork)
      return jobs.map(({ id }) => ends.get(id) ?? { id, status: 'completed' })
    },
    free: () => Math.max(0, atOnce - atWork.size),
    start(job, done) {
      const whole = run(job, 'at once')
        .then(({ status }) => (status === 'completed' ? done() : undefined))
        .finally(() => started.delete(whole))
      started.add(whole)
    },
    async idle() {
      while (atWork.size + started.size > 0) await Promise.all([...atWork, ...started])
    },
  }
}

function occasionOf({ data: { isAlarm, isRepeat }, retryCount = 0 }: PooledJob): Occasion {
  if (isAlarm) return 'alarm'
  return isRepeat || retryCount > 0 ? 'repeat' : 'fetched'
}

async function untilDoneOrGraceOver(all: Promise<unknown>): Promise<void> {
  const done = new AbortController()
  await Promise.race([all, wait(graceMs, undefined, { signal: done.signal }).catch(() => {})])
  done.abort()
}

/** The queue stores only an error's name: its message may hold an address, which the log removes. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'not an Error'
}
