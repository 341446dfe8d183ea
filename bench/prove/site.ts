// The environment of the chaos kit: a real Postgres in a temporary folder, and processes of the compiled program. It ends only
// the processes that it started.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startEmbedded } from '../../src/embedded/embedded.ts'
import { openLog } from '../../src/log.ts'
import { openJobs } from '../../src/store/jobs/jobs.ts'
import { migrate } from '../../src/store/migrate.ts'

const program = path.join(import.meta.dirname, '../../src/main.js')
const childFile = path.join(import.meta.dirname, `../prove-child${path.extname(import.meta.filename)}`)

export interface Database {
  url: string
  db: pg.Pool
}

export interface Process {
  /** Resolves with its URL once it listens; rejects where it ends before that. */
  ready: Promise<string>
  /** Ends it; resolves with its exit code, or the name of the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<string>
  /** How it ended without being asked to; null where it did not. */
  diedOf(): string | null
}

export interface Site {
  /** The folder of the embedded Postgres. */
  dataDir: string
  ownerUrl: string
  /** Creates a database with the whole schema. */
  database(name: string): Promise<Database>
  /** Runs `start` of the compiled program. */
  start(env: Record<string, string>): Process
  /** Starts a process that takes commands. */
  fork(): ChildProcess
  /** Kills the database server (kill -9), which restarts on its port. Resolves when it answers queries. */
  killDatabase(): Promise<void>
  close(): Promise<void>
}

export async function openSite(): Promise<Site> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'posthorn-prove-'))
  const log = openLog('fatal')
  const server = await startEmbedded({ dataDir, password: randomBytes(16).toString('hex'), log })
  const children = new Set<ChildProcess>()
  const pools: pg.Pool[] = []
  let closed = false
  const own = (child: ChildProcess) => {
    // After Ctrl-C a scenario may still be starting processes.
    if (closed) child.kill('SIGKILL')
    children.add(child)
    child.once('exit', () => children.delete(child))
    return child
  }
  // Only what a process needs of our own environment, whose settings must not change the run.
  const bare = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, NODE_ENV: 'production' }

  return {
    dataDir,
    ownerUrl: server.ownerUrl,
    async database(name) {
      await query(server.ownerUrl, `create database ${name}`)
      const changed = new URL(server.ownerUrl)
      changed.pathname = `/${name}`
      const url = changed.toString()
      await migrate(url)
      const jobs = await openJobs({ url, poolSize: 2, log })
      await jobs.stop(0)
      const db = new pg.Pool({ connectionString: url, max: 3, options: '-c search_path=posthorn,posthorn_jobs' })
      db.on('error', () => {})
      pools.push(db)
      return { url, db }
    },
    start(env) {
      const child = own(
        spawn(process.execPath, [program, 'start'], {
          cwd: dataDir,
          env: { ...bare, ...env },
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      )
      return processOf(child)
    },
    fork: () => own(fork(childFile, [], { cwd: dataDir, env: bare, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })),
    async killDatabase() {
      const pid = Number((await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGKILL')
      await wait(100)
      await answering(server.ownerUrl)
    },
    async close() {
      closed = true
      for (const child of children) child.kill('SIGKILL')
      await Promise.all([...children].map((child) => once(child, 'exit')))
      await Promise.all(pools.map((pool) => pool.end().catch(() => {})))
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function processOf(child: ChildProcess): Process {
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code))
  const ready = new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 100_000) output += text
      const url = /ready at (http:\S+)/.exec(output)?.[1]
      if (url) resolve(url)
    })
    ended.then((how) => reject(new Error(`the service ended with ${how} before it was ready: ${output.slice(-500)}`)))
  })
  ready.catch(() => {})
  let isAsked = false
  let diedOf: string | null = null
  ended.then((how) => {
    if (!isAsked) diedOf = how
  })
  return {
    ready,
    async end(signal) {
      isAsked = true
      child.kill(signal)
      return ended
    },
    diedOf: () => diedOf,
  }
}

/** Resolves once the database answers; it may be restarting. */
async function answering(url: string): Promise<void> {
  for (;;) {
    try {
      return await query(url, 'select 1')
    } catch {
      await wait(100)
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end().catch(() => {})
  }
}
