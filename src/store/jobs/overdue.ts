// Finds due rows whose job was lost, and not those whose job is only late because older jobs of its queue still wait.
import type { Priority } from '../../domain/event.ts'
import type { Channel } from '../../domain/notification.ts'
import { beingSent, isNotBeingSent } from '../being-sent.ts'
import { type Db, query } from '../db.ts'
import type { Jobs } from './jobs.ts'
import { type Job, queueOf } from './queues.ts'
import { jobOf } from './wake.ts'

interface Overdue {
  now: Date
  /** A job counts as lost when its row has been due for this long. */
  lostAfterMs: number
  /** The most jobs of each kind. */
  limit: number
}

/** The jobs to enqueue again, at most `limit` of each kind, the oldest first. */
export async function overdueJobs(db: Db, jobs: Jobs, { now, lostAfterMs, limit }: Overdue): Promise<Job[]> {
  const lostBefore = new Date(now.getTime() - lostAfterMs)
  const [events, abandoned, attempted, notifications, replays, schedules, timers] = await Promise.all([
    query<Row & { enriches: boolean }>(
      db,
      `select id, priority, due_at as since,
         exists (select from event_enrichments l where l.event_id = events.id and l.state = 'open') as enriches
       from events where due_at < $1 order by due_at limit $2`,
      [lostBefore, limit],
    ),
    // The due time of an open attempt already includes its worker's grace period.
    query<Message>(
      db,
      `select id, channel, priority, attempted, false as collects, due_at as since from ${beingSent} s
       where due_at < $1 order by due_at limit $2`,
      [now, limit],
    ),
    query<Message & { isUnconfirmed: boolean }>(
      db,
      `select id, channel, priority, attempted, false as collects, due_at as since, state = 'unconfirmed' as is_unconfirmed
       from notification_states where attempted and due_at < $1 and ${isNotBeingSent} order by due_at limit $2`,
      [lostBefore, limit],
    ),
    query<Message>(
      db,
      `select id, channel, priority, attempted, digest_key is not null and state = 'scheduled' as collects, due_at as since
       from notification_states where not attempted and due_at < $1 and ${isNotBeingSent} order by due_at limit $2`,
      [lostBefore, limit],
    ),
    query<Row>(
      db,
      `select id, 'normal' as priority, due_at as since from replays where due_at < $1 order by due_at limit $2`,
      [lostBefore, limit],
    ),
    query<Row>(db, `select name as id, 'normal' as priority, due_at as since from schedules where due_at < $1`, [
      lostBefore,
    ]),
    query<Row>(
      db,
      `select id, 'normal' as priority, due_at as since from timers
       where due_at < $1 and fired_at is null and stopped_at is null order by due_at limit $2`,
      [lostBefore, limit],
    ),
  ])
  const messages = [...attempted.filter(({ isUnconfirmed }) => !isUnconfirmed), ...notifications]
  return [
    ...[...abandoned, ...attempted.filter(({ isUnconfirmed }) => isUnconfirmed)].map((row) => jobOf(row)),
    ...(await lost(jobs, [
      ...events.map(({ enriches, ...row }) =>
        late(row, enriches ? { stage: 'enrich', priority: 'normal' } : { stage: 'plan' }),
      ),
      ...messages.map((row) => late(row, jobOf(row))),
      ...replays.map((row) => late(row, { stage: 'replay' })),
      ...schedules.map((row) => late(row, { stage: 'schedule' })),
      ...timers.map((row) => late(row, { stage: 'timer' })),
    ])),
  ]
}

interface Row {
  id: string
  priority: Priority
  since: Date
}

interface Message extends Row {
  channel: Channel
  attempted: boolean
  collects: boolean
}

interface Late {
  job: Job
  since: Date
}

function late({ id, priority, since }: Row, job: Pick<Job, 'stage'> & Partial<Job>): Late {
  return { job: { id, priority, ...job }, since }
}

/** The rows whose queue has only younger jobs left: their own job was lost. */
async function lost(jobs: Jobs, rows: Late[]): Promise<Job[]> {
  const newJobs: Job[] = []
  for (const [queue, waiting] of Map.groupBy(rows, ({ job }) => queueOf(job))) {
    const oldest = await jobs.oldestWaiting(queue)
    for (const { job, since } of waiting) if (!oldest || since < oldest) newJobs.push(job)
  }
  return newJobs
}
