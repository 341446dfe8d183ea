// Checks the database, the schema and the queue, and reads which providers are connected; changes nothing.
import { existsSync } from 'node:fs'
import type { Config } from '../../config/config.ts'
import { ensureSecrets } from '../../config/secrets.ts'
import { dataFolder } from '../../embedded/cluster.ts'
import { startEmbedded } from '../../embedded/embedded.ts'
import { openLog, showError } from '../../log.ts'
import { callbackName } from '../../providers/callback/send.ts'
import type { Database } from '../../start.ts'
import { type Db, openDb } from '../../store/db.ts'
import { countsOf } from '../../store/jobs/queue-stats.ts'
import { queues } from '../../store/jobs/queues.ts'
import { schemaState } from '../../store/migrate.ts'
import { providersWithSecret } from '../../store/secrets.ts'
import { waitForDatabase } from '../../store/wait-for-database.ts'
import { bad, type Check, notAsked, ok } from './check.ts'
import { checkCircuits, messagesWaiting } from './circuits.ts'

const answersWithinMs = 3000
/** No worker is taking work that has waited longer than this. */
const waitsAtMostSeconds = 300

/** The database of these settings; null where there is none yet. Throws where it cannot be used. */
async function findDatabase(config: Config): Promise<Omit<Database, 'folder'> | null> {
  const log = openLog('silent')
  if (config.databaseUrl) {
    await waitForDatabase(config.databaseUrl, { withinMs: answersWithinMs, backend: config.databaseBackend, log })
    return { url: config.databaseUrl, ownerUrl: config.databaseUrl, stop: async () => {} }
  }
  if (!existsSync(dataFolder(config.dataDir))) return null
  const { databasePassword: password } = await ensureSecrets(config.dataDir)
  return startEmbedded({ dataDir: config.dataDir, password, log })
}

export interface DatabaseChecks {
  checks: Check[]
  /** The providers whose webhook was registered by `connect`; null where that cannot be read. */
  connected: Set<string> | null
}

export async function checkDatabase(config: Config): Promise<DatabaseChecks> {
  try {
    const database = await findDatabase(config)
    if (!database) {
      const text = `The first start makes an embedded database in ${config.dataDir}.`
      return { checks: [notAsked('database', 'connection', text)], connected: new Set() }
    }
    try {
      const where = config.databaseUrl ? 'at DATABASE_URL' : `embedded in ${config.dataDir}`
      const checks = [ok('database', 'connection', `Postgres answers, ${where}.`)]
      const schema = await checkSchema(database.ownerUrl)
      if (!schema.ok)
        return {
          checks: [...checks, schema, notAsked('queue', 'age', 'The schema is not up to date.')],
          connected: null,
        }
      return await withDb(database.url, async (db) => ({
        checks: [
          ...[...checks, schema, await checkQueue(db)],
          await checkCircuits(db, (name) => config.providers.has(name) || name === callbackName),
        ],
        connected: await providersWithSecret(db),
      }))
    } finally {
      await database.stop()
    }
  } catch (error) {
    const { message = 'unknown' } = showError(error) as { message?: string }
    return {
      checks: [bad('database', 'connection', message, 'Start Postgres, or correct DATABASE_URL.')],
      connected: null,
    }
  }
}

async function withDb<T>(url: string, use: (db: Db) => Promise<T>): Promise<T> {
  const db = openDb({ url, poolSize: 1, log: openLog('silent') })
  try {
    return await use(db)
  } finally {
    await db.end()
  }
}

async function checkSchema(url: string): Promise<Check> {
  const { missing, difference } = await schemaState(url)
  if (difference)
    return bad(
      'schema',
      'version',
      `Another version made it: ${difference}.`,
      'Run the version that made it, or a later one.',
    )
  if (missing.length > 0)
    return bad('schema', 'version', `It lacks ${missing.join(', ')}.`, 'Run posthorn migrate; every start does so too.')
  return ok('schema', 'version', 'It is up to date.')
}

async function checkQueue(db: Db): Promise<Check> {
  try {
    const names = queues.map(({ name }) => name)
    const counts = await countsOf(db, names)
    const ready = counts.reduce((sum, queue) => sum + queue.ready, 0)
    const oldest = Math.max(0, ...counts.map((queue) => queue.oldestSeconds ?? 0))
    if (oldest > waitsAtMostSeconds)
      return bad(
        ...(['queue', 'age', `${ready} wait, the oldest for ${oldest} seconds.`] as const),
        'Start a process with the role worker, or more of them; look at its log.',
      )
    if (ready > 0) return ok('queue', 'age', `${ready} wait, the oldest for ${oldest} seconds.`)
    return ok('queue', 'age', (await messagesWaiting(db)) > 0 ? 'Nothing waits for a worker.' : 'Nothing waits.')
  } catch (error) {
    const { message = 'unknown' } = showError(error) as { message?: string }
    return bad('queue', 'age', `It cannot be read: ${message}`, 'Run posthorn migrate, which makes the queue too.')
  }
}
