// The embedded Postgres: a real server under DATA_DIR for whoever sets no DATABASE_URL. Several processes
// share it: the first starts it, the others adopt it, the last one out stops it. One that outlived a killed
// service is adopted; one that dies under us is started again on its port. start.ts calls it.
import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDataDir } from '../config/secrets.ts'
import { embeddedDatabase, embeddedUser } from '../store/embedded-session.ts'
import { servicePassword, serviceRole } from '../store/service-role.ts'
import { readPostmaster } from './cluster.ts'
import { findOrStart, type Running, type StartOptions } from './find-or-start.ts'
import { withLock } from './lock.ts'
import { isAlive } from './process.ts'

export interface EmbeddedOptions {
  dataDir: string
  /** Of the database's owner; the one that the data was made with. */
  password: string
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
}

export interface Embedded {
  /** For the service, as a role that can change our rows and nothing of what they stand in. */
  url: string
  /** For what changes the schema. */
  ownerUrl: string
  /** Ends our use of it; the last user's call also stops the server, and resolves when it is down. */
  stop(): Promise<void>
}

const lockLimitMs = 150_000
const stopLimitMs = 30_000

/** Resolves when the database answers. Nothing here keeps a dying process alive: the caller calls `stop`. */
export async function startEmbedded({ dataDir: folder, password, log }: EmbeddedOptions): Promise<Embedded> {
  await makeDataDir(folder)
  // The server knows its data by the real path.
  const dataDir = await realpath(folder)
  const lifetime = new AbortController()
  const bringUp = (port: number | null) =>
    withLock(dataDir, lockLimitMs, () => bringUpLocked({ dataDir, password, port }, log))

  let running: Running | null = await bringUp(null)
  const { port } = running
  const watching = watch(running)

  /** Lives as long as our use of the server: whenever it is lost, it is brought back on the same port. */
  async function watch(first: Running): Promise<void> {
    for (let lost = first; ; ) {
      await Promise.race([lost.session.lost, aborted(lifetime.signal)])
      if (lifetime.signal.aborted) return
      running = null
      log.warn({}, 'the embedded database is gone; starting it again')
      for (let waitMs = 200; running === null; waitMs = Math.min(waitMs * 2, 5000)) {
        try {
          running = lost = await bringUp(port)
        } catch (error) {
          log.warn({ error: String(error) }, 'the embedded database could not be started again; trying on')
          await sleep(waitMs, undefined, { signal: lifetime.signal, ref: false }).catch(() => {})
          if (lifetime.signal.aborted) return
        }
      }
    }
  }

  return {
    ownerUrl: urlOf(embeddedUser, password, port),
    url: urlOf(serviceRole, servicePassword(password), port),
    async stop() {
      lifetime.abort()
      await watching
      if (running) await release(dataDir, running, log)
      running = null
    },
  }
}

/** It speaks no TLS, whatever PGSSLMODE asks of other servers. */
function urlOf(user: string, password: string, port: number): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${embeddedDatabase}?sslmode=disable`
}

/** Adopts the server that is there, or starts one; then says that we use it. */
async function bringUpLocked(options: StartOptions, log: EmbeddedOptions['log']): Promise<Running> {
  const started = performance.now()
  const { running, adopted } = await findOrStart(options)
  try {
    await running.session.createDatabase()
    await running.session.hold()
  } catch (error) {
    await running.session.close()
    throw error
  }
  const fields = { port: running.port, dataDir: options.dataDir, tookMs: Math.round(performance.now() - started) }
  log.info(fields, adopted ? 'joined the running embedded database' : 'started the embedded database')
  return running
}

/** Under the lock, so that nobody joins between finding that we are the last and the server's end. */
async function release(dataDir: string, { session }: Running, log: EmbeddedOptions['log']): Promise<void> {
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
