// Where it all happens: a real Postgres in a folder of its own, and the compiled program in processes beside it. What is
// started here is ended here, by its own id, and nothing else is.
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
  /** Where it listens, once it does; rejects where it ends before. */
  ready: Promise<string>
  /** Ends it; answers its exit code, or the name of the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<string>
  /** How it ended though nobody had asked for it; null where it did not. */
  diedOf(): string | null
}

export interface Site {
  /** A database of its own with the whole schema. */
  database(name: string): Promise<Database>
  /** `start` of the compiled program. */
  start(env: Record<string, string>): Process
  /** prove-child.ts, which takes orders. */
  fork(): ChildProcess
  /** kill -9 of the database server; it is started again on its port. Resolves when it answers. */
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
    // A scenario may still be at work while Ctrl-C ends it all.
    if (closed) child.kill('SIGKILL')
    children.add(child)
    child.once('exit', () => children.delete(child))
    return child
  }
  // Nothing of our own environment but what a process needs: a setting there must not change the run.
  const bare = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, NODE_ENV: 'production' }

  return {
    async database(name) {
      await asked(server.ownerUrl, `create database ${name}`)
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
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 100_000) said += text
      const url = /ready at (http:\S+)/.exec(said)?.[1]
      if (url) resolve(url)
    })
    ended.then((how) => reject(new Error(`the service ended with ${how} before it was ready: ${said.slice(-500)}`)))
  })
  ready.catch(() => {})
  let asked = false
  let diedOf: string | null = null
  ended.then((how) => {
    if (!asked) diedOf = how
  })
  return {
    ready,
    async end(signal) {
      asked = true
      child.kill(signal)
      return ended
    },
    diedOf: () => diedOf,
  }
}

/** Repeats a question until it is answered: the database may be on its way back. */
async function answering(url: string): Promise<void> {
  for (;;) {
    try {
      return await asked(url, 'select 1')
    } catch {
      await wait(100)
    }
  }
}

async function asked(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end().catch(() => {})
  }
}
