// One run of the process: reads the settings and runs one command.
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { loadSettings } from '../config/load.ts'
import { openLog, showError } from '../log.ts'
import { openDatabase, type Running, start } from '../start.ts'
import { openJobs } from '../store/jobs/jobs.ts'
import { migrate } from '../store/migrate.ts'
import { isUnusable } from '../store/unusable.ts'
import { runCommandLine } from './command-line.ts'
import { stopSignals } from './stop-signals.ts'

const badSettings = 78

/** Runs the command that the arguments name, and sets the exit code of the process. */
export async function run(args: string[]): Promise<void> {
  const code = await runCommandLine(args, { withSettings, start: runService, migrate: runMigrations })
  if (code !== null) process.exitCode = code
}

async function withSettings(name: string, work: (config: Config) => Promise<void>): Promise<void> {
  const loaded = loadSettings()
  for (const { name, text } of [...loaded.misspelt, ...loaded.doubts]) console.error(`${name} ${text}`)
  if (!loaded.ok) {
    for (const { name, text } of loaded.faults) console.error(`${name} ${text}`)
    process.exit(badSettings)
  }
  await work(loaded.config).catch((error) => fail(name, error))
}

function fail(name: string, error: unknown): never {
  if (isUnusable(error)) {
    const { message, cause } = error
    console.error(cause ? `${message}: ${(showError(cause) as { message?: string }).message}` : message)
    process.exit(badSettings)
  }
  openLog('fatal').fatal({ err: error }, `posthorn ${name} failed`)
  console.error(`posthorn ${name} failed: ${(showError(error) as { message?: string }).message}`)
  process.exit(1)
}

async function runService(config: Config): Promise<void> {
  const log = openLog(config.logLevel)
  // Registered before the start, so that a signal during the start is not lost.
  const asked = stopSignal()
  const starting = start(config, { log, print: (line) => console.log(line) })
  const running = await Promise.race([starting, asked.then(() => null)])
  const signal = await asked
  log.info({ signal }, 'stop requested')
  if (!running) return stopEarly(starting, config.shutdownGraceMs)
  // Work that does not end within the grace is abandoned: its rows are still open, and another process continues it.
  setTimeout(() => {
    const text = `posthorn did not stop within SHUTDOWN_GRACE_SECONDS; active resources: ${process.getActiveResourcesInfo().join(', ')}`
    log.fatal(text)
    console.error(text)
    process.exit(1)
  }, config.shutdownGraceMs).unref()
  await running.stop()
  process.exit(0)
}

/**
 * Resolves with the first signal to stop. Repeated signals are ignored: npm and a terminal both pass on Ctrl-C, and the stop has
 * its own time limit.
 */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of stopSignals) process.on(signal, resolve)
  })
}

/** Stops the service once it has started, or exits after half the grace: the start may be waiting for a database. */
async function stopEarly(starting: Promise<Running>, graceMs: number): Promise<void> {
  const stopped = starting.then(
    (running) => running.stop(),
    () => {},
  )
  await Promise.race([stopped, wait(graceMs / 2)])
  process.exit(0)
}

async function runMigrations(config: Config): Promise<void> {
  const log = openLog(config.logLevel)
  await using held = new AsyncDisposableStack()
  const database = await openDatabase(config, log)
  held.defer(database.stop)
  const applied = await migrate(database.ownerUrl, { folder: database.folder, log })
  const jobs = await openJobs({
    url: database.url,
    poolSize: 2,
    backend: config.databaseBackend,
    maintain: false,
    log,
  })
  await jobs.stop(0)
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The schema is up to date.')
}
