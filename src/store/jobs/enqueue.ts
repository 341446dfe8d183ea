// Inserts jobs, those of one queue that are due together as few, and has due ones done at once where this process has free
// workers.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { PgBoss } from 'pg-boss'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import type { FoundEvent } from '../../domain/stored-event.ts'
import { afterCommit } from '../after-commit.ts'
import { chunksOf } from '../batch.ts'
import type { Tx } from '../db.ts'
import { together } from '../together.ts'
import type { Alarms } from './alarms.ts'
import { idsPerJob, type Job, queueOf, rankOf } from './queues.ts'
import type { JobData, WorkerPool } from './worker-pool.ts'

const jobNamespace = '5b7f7c1e-3a52-4f0c-9d8e-0c6f3f1f8a11'

/** By then what was begun at once has ended, unless its process died. */
const alarmAfterSeconds = 5

export interface EnqueueContext {
  boss: PgBoss
  alarms: Alarms
  /** The workers that this process has for a queue and that may begin more. */
  poolOf(queue: string): WorkerPool | undefined
}

/** Answers a function that sends the inserts, all before it first waits. */
export async function prepare(
  { boss, alarms, poolOf }: EnqueueContext,
  tx: Tx,
  newJobs: Job[],
): Promise<() => Promise<void>> {
  const inserts: pg.QueryConfig[] = []
  for (const [queue, jobs] of Map.groupBy(newJobs, queueOf)) {
    const groups = [...Map.groupBy(jobs, groupKey).values()].flatMap((all) => [...chunksOf(all, idsPerJob[queue] ?? 1)])
    let free = poolOf(queue)?.free() ?? 0
    const rows = groups.map((group) => {
      const row = rowOf(queue, group)
      // If the process stops or dies, or an id fails, the job remains as the alarm.
      const start = () => poolOf(queue)?.start({ ...row, events: eventsOf(group) }, () => alarms.turnOff(queue, row.id))
      const isAlarm = isDue(group) && group.length <= free && afterCommit(tx, start)
      if (!isAlarm) return row
      free -= group.length
      return { ...row, data: { ...row.data, isAlarm: true }, startAfter: alarmAfterSeconds }
    })
    await boss.insert(queue, rows, { db: gatheredIn(inserts) })
  }
  return async () => {
    await together(...inserts.map((insert) => tx.query(insert)))
  }
}

interface JobRow {
  id: string
  data: JobData
  priority: number
  startAfter?: Date | number
}

function rowOf(queue: string, group: Group): JobRow {
  const [{ id, at, inSeconds, mark, isRepeat }] = group
  return {
    id: mark ? uuidv5(`${queue}:${id}:${mark}`, jobNamespace) : uuidv7(),
    data: { ids: group.map((job) => job.id), ...(isRepeat && { isRepeat }) },
    priority: rankOf(group[0]),
    ...((at ?? inSeconds) !== undefined && { startAfter: at ?? inSeconds }),
  }
}

function eventsOf(group: Group): Map<string, FoundEvent> {
  return new Map(group.flatMap(({ id, event }) => (event ? [[id, event()] as const] : [])))
}

function isDue([{ at, inSeconds, mark, isRepeat }]: Group): boolean {
  return !at && !inSeconds && !mark && !isRepeat
}

/** Jobs of a queue with the same text become one job, up to its number of ids. A job with a mark stays alone. */
function groupKey(job: Job): string {
  const isOwn = job.mark !== undefined
  return JSON.stringify([
    rankOf(job),
    job.at ?? null,
    job.inSeconds ?? null,
    job.isRepeat ?? false,
    isOwn ? job.id : null,
  ])
}

type Group = [Job, ...Job[]]

/** Gathers pg-boss's statements, as named ones: Postgres plans the large insert once a connection. */
function gatheredIn(statements: pg.QueryConfig[]) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      const name = `boss-${createHash('sha1').update(text).digest('hex').slice(0, 16)}`
      statements.push({ name, text, values })
      return { rows: [] }
    },
  }
}
