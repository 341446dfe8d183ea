// Service times from what was measured. A statement and a message are told apart by two stretches: one of large batches, one of
// small ones.

import { median } from '../figures.ts'
import type { Delivered, Idle } from './measure.ts'
import type { ServiceTimes } from './times.ts'

/** What a stretch cost beside what idle workers cost in that time. */
interface Work {
  messages: number
  statements: number
  cpuMs: number
}

/** What each statement and each message cost, if a stretch's cost is the sum of both. */
export function solve(large: Work, small: Work): { statement: number; message: number } {
  const determinant = large.statements * small.messages - small.statements * large.messages
  const statement = (large.cpuMs * small.messages - small.cpuMs * large.messages) / determinant
  // Noise, or batches that hardly differ, must not make one of them free.
  const most = large.cpuMs / large.statements
  const bounded = Number.isFinite(statement) ? Math.min(Math.max(statement, 0.1 * most), 0.9 * most) : most / 2
  return { statement: bounded, message: (large.cpuMs - bounded * large.statements) / large.messages }
}

export function serviceTimesOf(large: Delivered, small: Delivered, idle: Idle, flush: number): ServiceTimes {
  const work = ({ count, cost }: Delivered, cpuMs: number, idleMs: number): Work => {
    const seconds = cost.elapsedMs / 1000
    return {
      messages: count,
      statements: Math.max(1, cost.statements - idle.statements * seconds),
      cpuMs: Math.max(0, cpuMs - idleMs * seconds),
    }
  }
  const ofPostgres = (one: Delivered) => work(one, one.cost.postgresMs, idle.postgresMs)
  const ofWorker = (one: Delivered) => work(one, one.workersMs, idle.workerMs)
  const postgres = solve(ofPostgres(large), ofPostgres(small))
  const worker = solve(ofWorker(large), ofWorker(small))
  const { share } = large.kinds
  const cold = idle.postgresMs / idle.statements
  const poll = { postgres: cold, warm: Math.min(cold, idle.warmPollMs), worker: idle.workerMs / idle.statements }
  return {
    statement: postgres.statement,
    message: {
      fetch: postgres.message * share.fetch,
      open: postgres.message * share.open,
      close: postgres.message * share.close,
    },
    worker,
    standIn: large.standInMs / large.count,
    flush,
    poll,
    wake: Math.max(0, idle.wakePostgresMs - idle.wakeStatements * poll.postgres),
    idle: { postgres: idle.postgresMs, worker: idle.workerMs, statements: idle.statements },
  }
}

/** Each time's median. */
export function medianTimes(all: ServiceTimes[]): ServiceTimes {
  const of = (pick: (times: ServiceTimes) => number) => median(all.map(pick))
  return {
    statement: of((times) => times.statement),
    message: {
      fetch: of((times) => times.message.fetch),
      open: of((times) => times.message.open),
      close: of((times) => times.message.close),
    },
    worker: { statement: of((times) => times.worker.statement), message: of((times) => times.worker.message) },
    standIn: of((times) => times.standIn),
    flush: of((times) => times.flush),
    poll: {
      postgres: of((times) => times.poll.postgres),
      warm: of((times) => times.poll.warm),
      worker: of((times) => times.poll.worker),
    },
    wake: of((times) => times.wake),
    idle: {
      postgres: of((times) => times.idle.postgres),
      worker: of((times) => times.idle.worker),
      statements: of((times) => times.idle.statements),
    },
  }
}

/** Where many workers poll, a poll finds all that it needs in the caches. */
export function ofMany(times: ServiceTimes): ServiceTimes {
  const { poll, idle } = times
  return {
    ...times,
    poll: { ...poll, postgres: poll.warm },
    idle: { ...idle, postgres: (idle.postgres * poll.warm) / poll.postgres },
  }
}

/** What a NOTIFY of the texts' queue costs Postgres, if all these workers only wait. */
export function notifyMs({ wake, poll }: ServiceTimes, workers: number): number {
  return workers * (wake + poll.postgres)
}
