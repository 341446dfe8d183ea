// Runs the jobs of a queue so that a slow one does not block the rest: a batch ends after a grace period, and unfinished work
// continues while more is fetched. pg-boss then counts its job as completed; if the process dies, the sweep finds its row.
import { setTimeout as wait } from 'node:timers/promises'

export interface JobData {
  id: string
  isRepeat?: boolean
}

interface PooledJob {
  id: string
  data: JobData
  /** How often it failed or expired before. */
  retryCount?: number
}

export interface WorkerPool {
  /** Resolves once all jobs are done or the grace period is over, and fewer than the maximum are at work. */
  work(jobs: PooledJob[]): Promise<JobEnd[]>
  /** Resolves when no work is left. */
  idle(): Promise<void>
}

export type JobEnd = { id: string; status: 'completed' } | { id: string; status: 'failed'; output: { message: string } }

interface WorkerPoolOptions {
  work(id: string, isRepeat: boolean): Promise<void>
  /** The most jobs at work at once; null: a batch waits for all its jobs. */
  atWork: number | null
  /** Called for each job that fails. */
  failed(id: string, error: unknown): void
}

/** Longer than most calls take; the longest that a hanging call delays the next batch. */
const graceMs = 250

export function workerPool({ work, atWork: most, failed }: WorkerPoolOptions): WorkerPool {
  const atWork = new Set<Promise<void>>()
  return {
    async work(jobs) {
      const ends = new Map<string, JobEnd>()
      const tasks = jobs.map(({ id, data, retryCount = 0 }) => {
        const task = work(data.id, data.isRepeat === true || retryCount > 0)
          .then(
            () => void ends.set(id, { id, status: 'completed' }),
            (error) => {
              failed(data.id, error)
              ends.set(id, { id, status: 'failed', output: { message: nameOf(error) } })
            },
          )
          .finally(() => atWork.delete(task))
        atWork.add(task)
        return task
      })
      const all = Promise.all(tasks)
      await (most === null ? all : untilDoneOrGraceOver(all))
      while (most !== null && atWork.size >= most) await Promise.race(atWork)
      return jobs.map(({ id }) => ends.get(id) ?? { id, status: 'completed' })
    },
    async idle() {
      while (atWork.size > 0) await Promise.all(atWork)
    },
  }
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
