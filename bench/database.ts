// Databases for the benchmarks on a real Postgres that counts statements: an embedded one in a temporary folder, or the
// server of BENCH_DATABASE_URL.
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../src/embedded/embedded.ts'
import { openLog } from '../src/log.ts'
import { parentOf } from './proc.ts'

export interface Database {
  name: string
  url: string
  /** Its search path has our schema and the job queue's. */
  pool: pg.Pool
  drop(): Promise<void>
}

export interface DatabaseServer {
  /** Its version and the settings that affect the figures. */
  facts: Record<string, string>
  /** A connection of its own to the database `postgres` or the given one. */
  admin: pg.Client
  /** The id of the postmaster's process; not a number where the server is on another machine. */
  pid: number
  /** Whether it counts statements, and whether its log of writes can be read. */
  counts: { statements: boolean; writes: boolean }
  /** An empty database; a service creates its schema there. */
  fresh(): Promise<Database>
  /** The database of this name, which stays on the server once it is `filled`; until then it is empty. */
  kept(name: string): Promise<Database & { isFilled: boolean; filled(): Promise<void> }>
  /** Whether it is on another's server, so that a kept database can be used again. */
  canKeep: boolean
  stop(): Promise<void>
}

/** How long a server takes that is told to end at once. */
const endsWithinMs = 500
/** On a kept database that is complete. */
const filledComment = 'filled'
const settings = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'wal_level',
  'max_wal_size',
  'shared_buffers',
  'shared_preload_libraries',
]

export async function openServer(given: string | undefined): Promise<DatabaseServer> {
  const server = given ? { ownerUrl: given, stop: async () => {} } : await startCounting()
  const admin = new pg.Client({ connectionString: server.ownerUrl })
  await admin.connect()
  const { rows } = await admin.query<{ name: string; setting: string }>(
    `select name, current_setting(name) as setting from pg_settings where name = any('{${settings.join(',')}}')`,
  )
  const open = (name: string) => {
    const changed = new URL(server.ownerUrl)
    changed.pathname = `/${name}`
    const url = changed.toString()
    const pool = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=posthorn,posthorn_jobs,public' })
    // Its connections may still be closing when the database is dropped.
    pool.on('error', () => {})
    return { pool, url }
  }
  const { rows: backends } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid')
  return {
    facts: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])),
    admin,
    pid: parentOf(backends[0]?.pid ?? 0),
    counts: {
      statements: await can(
        admin,
        'create extension if not exists pg_stat_statements',
        'select pg_stat_statements_reset()',
      ),
      writes: await can(admin, 'create extension if not exists pg_walinspect', 'select pg_current_wal_flush_lsn()'),
    },
    async fresh() {
      const name = `posthorn_bench_${randomBytes(4).toString('hex')}`
      await admin.query(`create database ${name}`)
      const { pool, url } = open(name)
      return {
        name,
        url,
        pool,
        async drop() {
          await pool.end()
          await admin.query(`drop database ${name} with (force)`)
        },
      }
    },
    async kept(name) {
      const { rows } = await admin.query<{ comment: string | null }>(
        `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
        [name],
      )
      const isFilled = rows[0]?.comment === filledComment
      if (!isFilled) {
        await admin.query(`drop database if exists ${name} with (force)`)
        await admin.query(`create database ${name}`)
      }
      const { pool, url } = open(name)
      return {
        name,
        url,
        pool,
        isFilled,
        filled: async () => void (await admin.query(`comment on database ${name} is '${filledComment}'`)),
        drop: () => pool.end(),
      }
    },
    canKeep: given !== undefined,
    async stop() {
      await admin.end()
      await server.stop()
    },
  }
}

/** An embedded server, started twice, as the library that counts statements is loaded at a start. It ends with this process. */
async function startCounting(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  const options = {
    dataDir: await mkdtemp(path.join(tmpdir(), 'posthorn-bench-')),
    password: randomBytes(16).toString('hex'),
    log: openLog('error'),
  }
  const first = await startEmbedded(options)
  const client = new pg.Client({ connectionString: first.ownerUrl })
  await client.connect()
  await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`)
  await client.end()
  await first.stop()
  const { ownerUrl, stop } = await startEmbedded(options)
  const forget = () => rmSync(options.dataDir, { recursive: true, force: true })
  const abandon = () => {
    const pid = Number(readFileSync(path.join(options.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
    // It may still write for a moment, and nothing here can wait but this.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, endsWithinMs)
    forget()
  }
  process.once('exit', abandon)
  return {
    ownerUrl,
    async stop() {
      process.off('exit', abandon)
      await stop()
      forget()
    },
  }
}

async function can(admin: pg.Client, ...statements: string[]): Promise<boolean> {
  try {
    for (const statement of statements) await admin.query(statement)
    return true
  } catch {
    return false
  }
}
