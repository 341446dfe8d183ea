// Which queues there are, and how many workers each has. Deliveries have queues of their own for each channel, so that
// emails that wait for their provider's rate hold up no text, for each priority, and for what they have begun. jobs.ts
// makes them.
import { type Priority, priorities } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'

/** A schema of its own name, so that another application's pg-boss in the same database is left alone. */
export const jobsSchema = 'posthorn_jobs'

/** Who is woken; a channel is the delivery of its messages. */
export type Stage = 'look-up' | 'plan' | Channel | 'digest' | 'replay' | 'schedule' | 'fire'

export interface Job {
  stage: Stage
  priority: Priority
  /** The event's, notification's, replay's or timer's id, or the schedule's name. */
  id: string
  /** Default: now. */
  at?: Date
  /** The same alarm and mark rings once, however often it is set. */
  mark?: string
  /** A call was made. What follows has a queue of its own or goes first, so that it waits behind nothing new. */
  attempted?: boolean
}

type Lane = Priority | 'attempted'
const lanes: Lane[] = [...priorities, 'attempted']

interface Workers {
  /** How many fetch, and how many each takes at once. */
  localConcurrency: number
  batchSize: number
  /** Most at work at once, where a batch does not wait for its slowest. */
  atWork?: number
}

const few: Workers = { localConcurrency: 1, batchSize: 25, atWork: 50 }
const messages: Partial<Record<Lane, Workers>> = {
  attempted: few,
  high: few,
  normal: { localConcurrency: 3, batchSize: 25, atWork: 100 },
  bulk: few,
}

/** `high` never waits behind the others. */
const workers: Record<Stage, Partial<Record<Lane, Workers>>> = {
  'look-up': { normal: { localConcurrency: 2, batchSize: 25, atWork: 50 } },
  plan: {
    high: { localConcurrency: 1, batchSize: 20 },
    normal: { localConcurrency: 1, batchSize: 20 },
    bulk: { localConcurrency: 1, batchSize: 4 },
  },
  email: messages,
  sms: messages,
  // An app may take its time to answer.
  callback: { normal: { localConcurrency: 2, batchSize: 50, atWork: 100 } },
  digest: { normal: { localConcurrency: 2, batchSize: 20 } },
  replay: { normal: { localConcurrency: 1, batchSize: 2 } },
  schedule: { normal: { localConcurrency: 2, batchSize: 1 } },
  fire: { normal: { localConcurrency: 1, batchSize: 20 } },
}

/** A job still active after this belonged to a worker that is gone. */
const expireInSeconds: Partial<Record<Stage, number>> = { plan: 300, schedule: 3600 }
const usuallyExpireInSeconds = 120

export interface Queue extends Workers {
  name: string
  stage: Stage
  expireInSeconds: number
}

export const queues: Queue[] = (Object.keys(workers) as Stage[]).flatMap((stage) =>
  lanes.flatMap((lane) => {
    const many = workers[stage][lane]
    if (!many) return []
    return {
      name: `${stage}-${lane}`,
      stage,
      ...many,
      expireInSeconds: expireInSeconds[stage] ?? usuallyExpireInSeconds,
    }
  }),
)

/** The queue that an alarm is set in. What is `high` has one where nothing else is, before its call and after it. */
export function queueOf({ stage, priority, attempted }: Pick<Job, 'stage' | 'priority' | 'attempted'>): string {
  return `${stage}-${attempted && priority !== 'high' && workers[stage].attempted ? 'attempted' : priority}`
}

/** Who goes first within a queue, as pg-boss has it: the larger. */
export function rankOf({ priority, attempted }: Pick<Job, 'priority' | 'attempted'>): number {
  return priorities.length - priorities.indexOf(priority) + (attempted ? priorities.length : 0)
}
