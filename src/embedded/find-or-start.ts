// Connects to the server of our cluster, or starts one.
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
  /** The required port; null for any. */
  port: number | null
}

export interface Running {
  session: EmbeddedSession
  port: number
}

/** Crash recovery may take long. */
const startLimitMs = 120_000
const zombieLimitMs = 5000

/**
 * A session on the running server of this cluster, or on one that was started. Call it under the lock. Ends no process
 * but its own child. Throws if the server does not start.
 */
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
      // Killed but not reaped yet; some init processes never reap. Postgres would consider it alive.
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

/** Identifies the process of postmaster.pid, whose id may have been reused. In doubt it is ours, so we wait for it. */
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
      // The server is our child and cannot be used.
      process.kill(pid, 'SIGINT')
      throw error
    }
  }
  // The children of a dead server may still run, and another process may have taken the port.
  const logEnd = await logTail(dataDir)
  return { ok: false, again: /lock file|shared memory block|could not bind|could not create any TCP/.test(logEnd) }
}

/** Null if the server is not ready or is another cluster's. Throws if it refuses the password. */
async function connect({ dataDir, password }: StartOptions, { port, ready }: Postmaster): Promise<Running | null> {
  if (!ready || port === null) return null
  const opened = await openEmbeddedSession(port, password)
  if (opened.kind === 'not ready') return null
  if (opened.kind === 'wrong password')
    throw new Error(
      `the database in ${dataFolder(dataDir)} was created with another password; restore its secrets.json, or remove the folder to start with an empty database`,
    )
  if (opened.dataDirectory === dataFolder(dataDir)) return { session: opened.session, port }
  await opened.session.close()
  return null
}
