// The embedded Postgres: a real server under DATA_DIR for whoever sets no DATABASE_URL. Several processes
// share it: the first starts it, the others adopt it, the last one out stops it. One that outlived a killed
// service is adopted; one that dies under us is started again on its port. start.ts calls it.
import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDataDir } from '../secrets.ts'
import { type EmbeddedSession, embeddedDatabase, embeddedUser, openEmbeddedSession } from '../store/embedded-session.ts'
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
import { withLock } from './lock.ts'
import { inspect, isAlive } from './process.ts'

export interface EmbeddedOptions {
  dataDir: string
  /** Of the database's owner; the one that the data was made with. */
  password: string
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
}

export interface Embedded {
  url: string
  /** Ends our use of it; the last user's call also stops the server, and resolves when it is down. */
  stop(): Promise<void>
}

interface Running {
  session: EmbeddedSession
  port: number
}

/** Crash recovery after much work may take a while. */
const startLimitMs = 120_000
const lockLimitMs = 150_000
const stopLimitMs = 30_000
const zombieLimitMs = 5000

/** Resolves when the database answers. Nothing here keeps a dying process alive: the caller calls `stop`. */
export async function startEmbedded({ dataDir: folder, password, log }: EmbeddedOptions): Promise<Embedded> {
  await makeDataDir(folder)
  // The server knows its data by the real path.
  const dataDir = await realpath(folder)
  const life = new AbortController()
  const bringUp = (port: number | null) =>
    withLock(dataDir, lockLimitMs, () => bringUpLocked({ dataDir, password, port, log }))

  let running: Running | null = await bringUp(null)
  const { port } = running
  const watching = watch(running)

  /** Lives as long as our use of the server: whenever it is lost, it is brought back on the same port. */
  async function watch(first: Running): Promise<void> {
    for (let lost = first; ; ) {
      await Promise.race([lost.session.lost, aborted(life.signal)])
      if (life.signal.aborted) return
      running = null
      log.warn({}, 'the embedded database is gone; starting it again')
      for (let waitMs = 200; running === null; waitMs = Math.min(waitMs * 2, 5000)) {
        try {
          running = lost = await bringUp(port)
        } catch (error) {
          log.warn({ error: String(error) }, 'the embedded database could not be started again; trying on')
          await sleep(waitMs, undefined, { signal: life.signal, ref: false }).catch(() => {})
          if (life.signal.aborted) return
        }
      }
    }
  }

  return {
    url: `postgres://${embeddedUser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${embeddedDatabase}`,
    async stop() {
      life.abort()
      await watching
      if (running) await leave(dataDir, running, log)
      running = null
    },
  }
}

interface BringUp extends EmbeddedOptions {
  /** The port that must come back; null: any. */
  port: number | null
}

/** Adopts the server that is there, or starts one; then says that we use it. */
async function bringUpLocked(options: BringUp): Promise<Running> {
  const { dataDir, log } = options
  const started = performance.now()
  const { running, adopted } = await findOrStart(options, performance.now() + startLimitMs)
  try {
    await running.session.createDatabase()
    await running.session.hold()
  } catch (error) {
    await running.session.close()
    throw error
  }
  const fields = { port: running.port, dataDir, tookMs: Math.round(performance.now() - started) }
  log.info(fields, adopted ? 'joined the running embedded database' : 'started the embedded database')
  return running
}

async function findOrStart(options: BringUp, end: number): Promise<{ running: Running; adopted: boolean }> {
  const { dataDir } = options
  let launch: Launch | null = null
  let zombieSince: number | null = null
  let lastWords = 'it did not answer in time'
  for (; performance.now() < end; await sleep(100)) {
    const postmaster = await readPostmaster(dataDir)
    const there = postmaster ? await look(dataDir, postmaster) : 'nothing'
    if (postmaster && there === 'ours') {
      const running = await connect(options, postmaster)
      if (running) return { running, adopted: true }
      continue
    }
    if (there === 'zombie') {
      // Killed a moment ago, not yet reaped. Postgres would take it for alive; some init processes never reap.
      zombieSince ??= performance.now()
      if (performance.now() < zombieSince + zombieLimitMs) continue
    }
    if (there === 'zombie' || there === 'stranger')
      await rm(join(dataFolder(dataDir), 'postmaster.pid'), { force: true })

    launch ??= await chooseLaunch(await findBinaries(dataDir), dataDir)
    await ensureCluster(launch, dataDir, options.password)
    const tried = await tryToStart(launch, options, end)
    if (tried.ok) return { running: tried.running, adopted: false }
    lastWords = await logTail(dataDir)
    if (!tried.again) break
  }
  throw new Error(`the embedded Postgres did not start; ${lastWords}`)
}

/** Whose the pid in postmaster.pid is. In doubt it is taken for ours, which only means that we wait for it. */
async function look(dataDir: string, { pid }: Postmaster): Promise<'nothing' | 'zombie' | 'stranger' | 'ours'> {
  const found = await inspect(pid)
  if (found === 'gone') return 'nothing'
  if (found === 'zombie') return 'zombie'
  if (found.name !== null && found.name !== 'postgres') return 'stranger'
  return found.cwd === null || found.cwd === dataFolder(dataDir) ? 'ours' : 'stranger'
}

type Tried = { ok: true; running: Running } | { ok: false; again: boolean }

async function tryToStart(launch: Launch, options: BringUp, end: number): Promise<Tried> {
  const { dataDir } = options
  const port = options.port ?? (await freePort())
  const { pid, exited } = await spawnServer(launch, dataDir, port)
  let over = false
  void exited.then(() => {
    over = true
  })
  for (; !over && performance.now() < end; await sleep(20)) {
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
  const words = await logTail(dataDir)
  return { ok: false, again: /lock file|shared memory block|could not bind|could not create any TCP/.test(words) }
}

/** Null while it does not answer yet. Throws where it answers, and is not for us. */
async function connect({ dataDir, password }: BringUp, { port, ready }: Postmaster): Promise<Running | null> {
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

/** Under the lock, so that nobody joins between finding that we are the last and the server's end. */
async function leave(dataDir: string, { session }: Running, log: EmbeddedOptions['log']): Promise<void> {
  try {
    await withLock(dataDir, stopLimitMs, async () => {
      if (!(await session.isLast())) return
      const pid = await session.postmasterPid()
      await session.close()
      process.kill(pid, 'SIGINT')
      for (const end = performance.now() + stopLimitMs; performance.now() < end; await sleep(20)) {
        if ((await readPostmaster(dataDir))?.pid !== pid && !(await isAlive(pid)))
          return log.info({}, 'stopped the embedded database')
      }
      log.warn({ pid }, 'the embedded database is taking long to stop; left to itself')
    })
  } catch (error) {
    log.warn({ error: String(error) }, 'the embedded database was not stopped; the next start will join it')
  } finally {
    await session.close()
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
