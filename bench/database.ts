// Databases for the benchmarks on a real Postgres: an embedded one in a temporary folder, or the server of BENCH_DATABASE_URL.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/embedded/embedded.ts'
import { openLog } from '../src/log.ts'
import { openJobs } from '../src/store/jobs/jobs.ts'
import { migrate } from '../src/store/migrate.ts'

export interface Database {
  url: string
  /** Its search path has our schema and the job queue's. */
  pool: pg.Pool
  drop(): Promise<void>
}

export interface DatabaseServer {
  /** Its version and the settings that affect the figures. */
  facts: Record<string, string>
  /** A new database with the whole schema. */
  fresh(): Promise<Database>
  stop(): Promise<void>
}

const settings = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
]

export async function openServer(given: string | undefined): Promise<DatabaseServer> {
  const log = openLog('error')
  const dataDir = await mkdtemp(path.join(tmpdir(), 'posthorn-bench-'))
  const server = given
    ? { ownerUrl: given, stop: async () => {} }
    : await startEmbedded({ dataDir, password: randomBytes(16).toString('hex'), log })
  const { rows } = await query<{ name: string; setting: string }>(
    server.ownerUrl,
    `select name, current_setting(name) as setting from pg_settings where name = any('{${settings.join(',')}}')`,
  )
  return {
    facts: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    async fresh() {
      const name = `posthorn_bench_${randomBytes(4).toString('hex')}`
      await query(server.ownerUrl, `create database ${name}`)
      const changed = new URL(server.ownerUrl)
      changed.pathname = `/${name}`
      const url = changed.toString()
      await migrate(url)
      const jobs = await openJobs({ url, poolSize: 2, log })
      await jobs.stop(0)
      const pool = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=posthorn,posthorn_jobs' })
      return {
        url,
        pool,
        async drop() {
          await pool.end()
          await query(server.ownerUrl, `drop database ${name} with (force)`)
        },
      }
    },
    async stop() {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query<Row>(sql)
  } finally {
    await client.end()
  }
}
