// What a simulation of workers is given: service times as they were measured, and the program's own numbers.
import { queues } from '../../src/store/jobs/queues.ts'

/** In milliseconds of CPU, but for the flush. */
export interface ServiceTimes {
  /** Postgres: for any statement, and for a message in each step. */
  statement: number
  message: { fetch: number; open: number; close: number }
  /** A worker: for a statement, and for a message through all steps. */
  worker: { statement: number; message: number }
  /** What a request costs a stand-in for a provider; of interest where it shares the cores. */
  standIn: number
  /** How long the log takes to flush, by the clock. */
  flush: number
  /** A poll that finds no job: Postgres, the same where one follows the other, and the worker. */
  poll: { postgres: number; warm: number; worker: number }
  /** One more worker that listens, for each NOTIFY: Postgres, without the polls that follow. */
  wake: number
  /** What an idle worker costs each second: Postgres, and itself. */
  idle: { postgres: number; worker: number; statements: number }
}

/** All of a worker's fetchers, each of which polls. */
export const allFetchers = queues.reduce((sum, { localConcurrency }) => sum + localConcurrency, 0)

const texts = queues.find(({ name }) => name === 'sms-normal')

/** As src/store/jobs, src/deliver and pg-boss have them. */
export const program = {
  fetchers: texts?.localConcurrency ?? 1,
  jobsAtOnce: texts?.batchSize ?? 1,
  idsPerJob: texts?.idsPerJob ?? 1,
  atWork: texts?.atWork ?? 1,
  /** How often one statement looks for due jobs in all queues, and how often each fetcher looks by itself. */
  dueMs: 500,
  pollMs: 30_000,
  /** How long a fetcher waits for its batch, and when it fetches again without a pause. */
  graceMs: 250,
  shortPauseMs: 100,
  batch: 200,
  /** How often a worker reports a provider's health. */
  reportMs: 500,
  /** Connections: for rows, for jobs, and in all. */
  pools: { rows: 5, jobs: 3, all: 10 },
  /**
   * Statements of a transaction, BEGIN and COMMIT included; what was accepted is closed by one. Those after the lock are made
   * while the provider's row is locked for its rate: the last ones, up to the commit. A report of good calls does not lock it.
   */
  statements: {
    open: { all: 9, locked: 2 },
    close: { all: 1, locked: 0 },
    report: { all: 6, locked: 0 },
    enqueue: { all: 3, locked: 0 },
    fetch: 1,
    complete: 1,
  },
}
