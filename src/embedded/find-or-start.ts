// Finds the server that runs on our data, or starts one: after a clean stop, a crash, a kill, in a container
// whose process ids began anew. Never ends a process but its own child. embedded.ts holds what is found.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedSession, openEmbeddedSession } from '../store/embedded-session.ts'
import { findBinaries } from './binaries.ts'
import {
  dataFolder,
  ensureCluster,
  freePort,
  logTail,
  type Postmaster,
  readPostmaster,
  spawnServer,
} from './cluster.ts'
import { chooseLaunch, type Launch } from './launch.ts'
import { inspect } from './process.ts'

export interface StartOptions {
  dataDir: string
  password: string
  /** The port that must come back; null: any. */
  port: number | null
}

export interface Running {
  session: EmbeddedSession
  port: number
}

/** Crash recovery after much work may take a while. */
const startLimitMs = 120_000
const zombieLimitMs = 5000

/** A connection to the server of this data: adopted where it runs already, else started. Called under the lock. */
export async function findOrStart(options: StartOptions): Promise<{ running: Running; adopted: boolean }> {
  const end = performance.now() + startLimitMs
  const { dataDir } = options
  let launch: Launch | null = null
  let zombieSince: number | null = null
  let logEnd = 'it did not answer in time'
  for (; performance.now() < end; await sleep(100)) {
    const postmaster = await readPostmaster(dataDir)
    const owner = postmaster ? await identify(dataDir, postmaster) : 'none'
    if (postmaster && owner === 'ours') {
      const running = await connect(options, postmaster)
      if (running) return { running, adopted: true }
      continue
    }
    if (owner === 'zombie') {
      // Killed a moment ago, not yet reaped. Postgres would take it for alive; some init processes never reap.
      zombieSince ??= performance.now()
      if (performance.now() < zombieSince + zombieLimitMs) continue
    }
    if (owner === 'zombie' || owner === 'foreign')
      await rm(join(dataFolder(dataDir), 'postmaster.pid'), { force: true })

    launch ??= await chooseLaunch(await findBinaries(dataDir), dataDir)
    await ensureCluster(launch, dataDir, options.password)
    const tried = await tryToStart(launch, options, end)
    if (tried.ok) return { running: tried.running, adopted: false }
    logEnd = await logTail(dataDir)
    if (!tried.again) break
  }
  throw new Error(`the embedded Postgres did not start; ${logEnd}`)
}

/** Whose the pid in postmaster.pid is. In doubt it is taken for ours, which only means that we wait for it. */
async function identify(dataDir: string, { pid }: Postmaster): Promise<'none' | 'zombie' | 'foreign' | 'ours'> {
  const found = await inspect(pid)
  if (found === 'gone') return 'none'
  if (found === 'zombie') return 'zombie'
  if (found.name !== null && found.name !== 'postgres') return 'foreign'
  return found.cwd === null || found.cwd === dataFolder(dataDir) ? 'ours' : 'foreign'
}

type Tried = { ok: true; running: Running } | { ok: false; again: boolean }

async function tryToStart(launch: Launch, options: StartOptions, end: number): Promise<Tried> {
  const { dataDir } = options
  const port = options.port ?? (await freePort())
  const { pid, exited } = await spawnServer(launch, dataDir, port)
  let hasExited = false
  void exited.then(() => {
    hasExited = true
  })
  for (; !hasExited && performance.now() < end; await sleep(20)) {
    const postmaster = await readPostmaster(dataDir)
    if (!postmaster || postmaster.pid !== pid) continue
    try {
      const running = await connect(options, postmaster)
      if (running) return { ok: true, running }
    } catch (error) {
      // Our own child, and nobody can use it.
      process.kill(pid, 'SIGINT')
      throw error
    }
  }
  // A server that died a moment ago may still have children about, and a free port may have been taken.
  const logEnd = await logTail(dataDir)
  return { ok: false, again: /lock file|shared memory block|could not bind|could not create any TCP/.test(logEnd) }
}

/** Null while it does not answer yet. Throws where it answers, and is not for us. */
async function connect({ dataDir, password }: StartOptions, { port, ready }: Postmaster): Promise<Running | null> {
  if (!ready || port === null) return null
  const opened = await openEmbeddedSession(port, password)
  if (opened.kind === 'not ready') return null
  if (opened.kind === 'wrong password')
    throw new Error(
      `the database in ${dataFolder(dataDir)} was made with another password; restore the secrets.json that it was made with, or remove the folder to begin anew`,
    )
  if (opened.dataDirectory === dataFolder(dataDir)) return { session: opened.session, port }
  await opened.session.close()
  return null
}
