// Measures the smallest things that Postgres does for workers: a poll of an empty queue, and the flush of a commit.
import { PgBoss } from 'pg-boss'
import { jobsSchema } from '../../src/store/jobs/queues.ts'
import type { Database } from '../database.ts'
import { median } from '../figures.ts'
import type { Options } from '../options.ts'
import { cpuMsOfFamily } from '../proc.ts'
import { program } from './times.ts'

const polls = 2000

/** `idleMs`: what else Postgres uses a second. */
export async function measurePolls({ server }: Options, database: Database, idleMs: number): Promise<number> {
  const boss = new PgBoss({
    ...{ connectionString: database.url, schema: jobsSchema, max: 1 },
    ...{ supervise: false, schedule: false, createSchema: false, registerInstance: false },
  })
  await boss.start()
  const poll = async (times: number) => {
    for (let i = 0; i < times; i++)
      await boss.fetch('sms-bulk', { batchSize: program.jobsAtOnce, includeMetadata: true })
  }
  await poll(polls / 10)
  const before = { cpu: cpuMsOfFamily(server.pid), at: performance.now() }
  await poll(polls)
  const othersMs = (idleMs * (performance.now() - before.at)) / 1000
  const cpuMs = cpuMsOfFamily(server.pid) - before.cpu - othersMs
  await boss.stop({ graceful: false, close: true })
  return Math.max(0.01, cpuMs / polls)
}

/** How much longer a small commit takes that waits for its flush than one that does not, in milliseconds. */
export async function measureFlush({ server }: Options, times: number): Promise<number> {
  const database = await server.fresh()
  const client = await database.pool.connect()
  try {
    await client.query('create table flushed (id integer, text text)')
    const took = { on: [] as number[], off: [] as number[] }
    for (let i = 0; i < times; i++)
      for (const way of ['on', 'off'] as const) {
        await client.query(`set synchronous_commit = ${way}`)
        const from = performance.now()
        await client.query('insert into flushed values ($1, $2)', [i, 'x'.repeat(500)])
        took[way].push(performance.now() - from)
      }
    return Math.max(0.01, median(took.on) - median(took.off))
  } finally {
    client.release()
    await database.drop()
  }
}
