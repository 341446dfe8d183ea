// Works a queue's jobs so that a slow one holds up nobody: a batch is done after a moment, and what takes longer (a
// vendor that hangs) goes on by itself while others are fetched. Its job is done by then: should the process die, its row
// is overdue and the sweep rings it again. jobs.ts has one for each queue; a patient one, where the work calls nobody.
import { setTimeout as wait } from 'node:timers/promises'

export interface WorkerPool {
  /** Resolves once each is done or takes longer than a moment; where too many are at work, once one of them is done. */
  work(jobs: { id: string; data: { id: string } }[]): Promise<JobEnd[]>
  /** Resolves when nobody is at work. */
  idle(): Promise<void>
}

export type JobEnd = { id: string; status: 'completed' } | { id: string; status: 'failed'; output: { message: string } }

interface WorkerPoolOptions {
  work(id: string): Promise<void>
  /** Most at work at once; null where a batch waits for its slowest all the same. */
  atWork: number | null
  /** Tells of each that failed. */
  failed(id: string, error: unknown): void
}

/** Longer than most calls take; how long one that hangs keeps its batch from the next. */
const graceMs = 250

export function workerPool({ work, atWork: most, failed }: WorkerPoolOptions): WorkerPool {
  const atWork = new Set<Promise<void>>()
  return {
    async work(jobs) {
      const ends = new Map<string, JobEnd>()
      const tasks = jobs.map(({ id, data }) => {
        const task = work(data.id)
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
      await (most === null ? all : untilAMoment(all))
      while (most !== null && atWork.size >= most) await Promise.race(atWork)
      return jobs.map(({ id }) => ends.get(id) ?? { id, status: 'completed' })
    },
    async idle() {
      while (atWork.size > 0) await Promise.all(atWork)
    },
  }
}

async function untilAMoment(all: Promise<unknown>): Promise<void> {
  const isOver = new AbortController()
  await Promise.race([all, wait(graceMs, undefined, { signal: isOver.signal }).catch(() => {})])
  isOver.abort()
}

/** All that the queue keeps of a failure: an error's message may hold an address, and the log has it without. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'not an Error'
}
