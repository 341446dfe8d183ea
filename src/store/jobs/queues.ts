// The queues and their workers. Delivery has separate queues for each channel, so that throttled emails do not delay texts,
// for each priority, and for notifications with an attempt.
import { type Priority, priorities } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import type { FoundEvent } from '../../domain/stored-event.ts'

/** Not pg-boss's default, so that it does not meet another application's pg-boss in the same database. */
export const jobsSchema = 'posthorn_jobs'

/** The stage that a job wakes; a channel stands for the delivery of its messages. */
export type Stage = 'enrich' | 'plan' | Channel | 'digest' | 'replay' | 'schedule' | 'timer'

/** The id of a job of the stage `schedule` that has the service watched at once. */
export const watchJob = 'watch'

export interface Job {
  stage: Stage
  priority: Priority
  /**
   * The id of an event, a notification, a replay or a timer, a schedule's name, or `watchJob`. Jobs of one queue that are
   * enqueued together
   * and due at the same time become one job with many ids.
   */
  id: string
  /** Default: now. By Postgres's clock, which may differ from this process's. */
  at?: Date
  /** In place of `at`: a wait, which is as long by either clock. */
  inSeconds?: number
  /** Jobs with the same id and mark are enqueued once. */
  mark?: string
  /** A call has been made: such jobs have their own queue or go first, so that they do not wait behind new ones. */
  attempted?: boolean
  /** The sweep found that an earlier job was lost. */
  isRepeat?: boolean
  /** The event that is stored with it: a plan that is begun at once need not read it. */
  event?(): FoundEvent
}

type Lane = Priority | 'attempted'
const lanes: Lane[] = [...priorities, 'attempted']

interface Workers {
  /** How many workers fetch, and how many jobs each fetches at once. */
  localConcurrency: number
  batchSize: number
  /** The most ids that one job names. Default: 1. */
  idsPerJob?: number
  /** No more jobs are fetched while this many ids are in progress. Default: a batch waits for its slowest job. */
  atWork?: number
  /** The process that enqueues a due job does it itself, without a fetch, while fewer ids are in progress. Default: 0. */
  atOnce?: number
}

const few: Workers = { localConcurrency: 1, batchSize: 5, idsPerJob: 10, atWork: 50 }
const messages: Partial<Record<Lane, Workers>> = {
  attempted: { ...few, atOnce: 10 },
  high: { ...few, atOnce: 10 },
  normal: { localConcurrency: 3, batchSize: 5, idsPerJob: 10, atWork: 100, atOnce: 10 },
  bulk: few,
}

/** `high` has its own workers, so that it never waits behind the others. */
const workers: Record<Stage, Partial<Record<Lane, Workers>>> = {
  enrich: { normal: { localConcurrency: 2, batchSize: 25, atWork: 50 } },
  plan: {
    high: { localConcurrency: 1, batchSize: 20, atOnce: 10 },
    normal: { localConcurrency: 1, batchSize: 20, atOnce: 10 },
    bulk: { localConcurrency: 1, batchSize: 4 },
  },
  email: messages,
  sms: messages,
  // Many at once, because an app may answer slowly.
  callback: { normal: { localConcurrency: 2, batchSize: 10, idsPerJob: 10, atWork: 100, atOnce: 10 } },
  digest: { normal: { localConcurrency: 2, batchSize: 20 } },
  replay: { normal: { localConcurrency: 1, batchSize: 2 } },
  schedule: { normal: { localConcurrency: 2, batchSize: 1 } },
  timer: { normal: { localConcurrency: 1, batchSize: 20 } },
}

/** A job that is still active after this belongs to a dead worker. */
const expireInSeconds: Partial<Record<Stage, number>> = { plan: 300, schedule: 3600 }
const defaultExpireInSeconds = 120

export interface Queue extends Workers {
  name: string
  stage: Stage
  expireInSeconds: number
}

export const queues: Queue[] = (Object.keys(workers) as Stage[]).flatMap((stage) =>
  lanes.flatMap((lane) => {
    const settings = workers[stage][lane]
    if (!settings) return []
    return {
      name: `${stage}-${lane}`,
      stage,
      ...settings,
      expireInSeconds: expireInSeconds[stage] ?? defaultExpireInSeconds,
    }
  }),
)

export const idsPerJob: Record<string, number> = Object.fromEntries(
  queues.map(({ name, idsPerJob = 1 }) => [name, idsPerJob]),
)

/** The queue of a job. `high` jobs stay in their own queue after a call too. */
export function queueOf({ stage, priority, attempted }: Pick<Job, 'stage' | 'priority' | 'attempted'>): string {
  return `${stage}-${attempted && priority !== 'high' && workers[stage].attempted ? 'attempted' : priority}`
}

/** pg-boss's priority within a queue: the larger goes first. */
export function rankOf({ priority, attempted }: Pick<Job, 'priority' | 'attempted'>): number {
  return priorities.length - priorities.indexOf(priority) + (attempted ? priorities.length : 0)
}
