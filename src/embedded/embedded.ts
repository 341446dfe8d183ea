// The embedded Postgres, a server under DATA_DIR that several processes share.
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
  /** The password of the database's owner, with which the cluster was created. */
  password: string
  log: { info(fields: object, text: string): void; warn(fields: object, text: string): void }
}

export interface Embedded {
  /** For the service, as a role that can change rows but not the schema. */
  url: string
  /** For migrations, as the owner. */
  ownerUrl: string
  /** Ends our use of the server. The last process to do so stops it, and waits until it is down. */
  stop(): Promise<void>
}

const lockLimitMs = 150_000
const stopLimitMs = 30_000

/**
 * Joins the running server or starts one, and resolves when it answers. If the server dies it is started again on the
 * same port. It does not keep the process alive; call `stop` at the end.
 */
export async function startEmbedded({ dataDir: folder, password, log }: EmbeddedOptions): Promise<Embedded> {
  await makeDataDir(folder)
  // The server reports the real path of its data.
  const dataDir = await realpath(folder)
  const lifetime = new AbortController()
  const startLocked = (port: number | null) =>
    withLock(dataDir, lockLimitMs, () => startWithLock({ dataDir, password, port }, log))

  let running: Running | null = await startLocked(null)
  const { port } = running
  const watching = watch(running)

  async function watch(first: Running): Promise<void> {
    for (let lost = first; ; ) {
      await Promise.race([lost.session.lost, aborted(lifetime.signal)])
      if (lifetime.signal.aborted) return
      running = null
      log.warn({}, 'embedded database lost; starting it again')
      for (let waitMs = 200; running === null; waitMs = Math.min(waitMs * 2, 5000)) {
        try {
          running = lost = await startLocked(port)
        } catch (error) {
          log.warn({ error: String(error) }, 'embedded database not started; trying again')
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

/** Overrides PGSSLMODE, since the server has no TLS. */
function urlOf(user: string, password: string, port: number): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${embeddedDatabase}?sslmode=disable`
}

/** Joins the running server or starts one, and registers our use of it. */
async function startWithLock(options: StartOptions, log: EmbeddedOptions['log']): Promise<Running> {
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
  log.info(fields, adopted ? 'embedded database joined' : 'embedded database started')
  return running
}

/** Under the lock, so that no process joins between the check that we are the last and the end of the server. */
async function release(dataDir: string, { session }: Running, log: EmbeddedOptions['log']): Promise<void> {
  try {
    await withLock(dataDir, stopLimitMs, async () => {
      if (!(await session.isLast())) return
      const pid = await session.postmasterPid()
      await session.close()
      process.kill(pid, 'SIGINT')
      for (const end = performance.now() + stopLimitMs; performance.now() < end; await sleep(20)) {
        if ((await readPostmaster(dataDir))?.pid !== pid && !(await isAlive(pid)))
          return log.info({}, 'embedded database stopped')
      }
      log.warn({ pid }, `embedded database still stopping after ${stopLimitMs / 1000} s; not waiting any longer`)
    })
  } catch (error) {
    log.warn({ error: String(error) }, 'embedded database not stopped; the next start will join it')
  } finally {
    await session.close()
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
