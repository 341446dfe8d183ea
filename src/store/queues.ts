// Which queues there are, and how many workers each has: one queue for each stage and priority, and one for what
// deliveries have begun. jobs.ts makes them.
import { type Priority, priorities } from '../event.ts'

/** Who is woken; `callback` is the delivery of callbacks, which have workers of their own (alarm.ts). */
export type Stage = 'look-up' | 'plan' | 'deliver' | 'digest' | 'callback' | 'replay' | 'schedule' | 'fire'

export interface Alarm {
  stage: Stage
  priority: Priority
  /** The event's, notification's, replay's or timer's id, or the schedule's name. */
  id: string
  /** Default: now. */
  at?: Date
  /** The same alarm and mark rings once, however often it is set. */
  mark?: string
  /** Of a delivery: a call was made. What follows has a queue of its own, so that it waits behind nothing new. */
  begun?: boolean
}

type Lane = Priority | 'begun'
const lanes: Lane[] = [...priorities, 'begun']

/** How many workers a lane has: each fetches a batch and works it at once. `high` never waits behind the others. */
const workers: Record<Stage, Partial<Record<Lane, { batchSize: number; localConcurrency: number }>>> = {
  'look-up': { normal: { batchSize: 25, localConcurrency: 2 } },
  plan: {
    high: { batchSize: 20, localConcurrency: 1 },
    normal: { batchSize: 20, localConcurrency: 1 },
    bulk: { batchSize: 4, localConcurrency: 1 },
  },
  deliver: {
    begun: { batchSize: 25, localConcurrency: 2 },
    high: { batchSize: 25, localConcurrency: 2 },
    normal: { batchSize: 25, localConcurrency: 4 },
    bulk: { batchSize: 25, localConcurrency: 2 },
  },
  digest: { normal: { batchSize: 20, localConcurrency: 2 } },
  callback: { normal: { batchSize: 50, localConcurrency: 2 } },
  replay: { normal: { batchSize: 2, localConcurrency: 1 } },
  schedule: { normal: { batchSize: 1, localConcurrency: 2 } },
  fire: { normal: { batchSize: 20, localConcurrency: 1 } },
}

/** A job still active after this belonged to a worker that is gone. */
const expireInSeconds: Partial<Record<Stage, number>> = { plan: 300, schedule: 3600 }
const usuallyExpireInSeconds = 120

export interface Queue {
  name: string
  stage: Stage
  batchSize: number
  localConcurrency: number
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

/** The queue that an alarm is set in. */
export function queueOf({ stage, priority, begun }: Pick<Alarm, 'stage' | 'priority' | 'begun'>): string {
  return `${stage}-${begun && workers[stage].begun ? 'begun' : priority}`
}
