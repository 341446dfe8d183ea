// Waits for the database of DATABASE_URL, and asks whether the service can work with it at all.
import pg from 'pg'
import { withSessionOptions } from './connection.ts'
import { codeOf, isDatabaseAway, sessionOptions, untilAnswered } from './db.ts'
import { unusable } from './unusable.ts'

/** Short enough that whoever looks on learns of it within seconds. */
const answersWithinMs = 2000

export interface WaitOptions {
  withinMs: number
  log: { warn(fields: object, text: string): void }
}

/** Resolves once a server answers that will do. Gives up after `withinMs`, and at once where no patience helps. */
export async function waitForDatabase(url: string, { withinMs, log }: WaitOptions): Promise<void> {
  const seconds = withinMs / 1000
  const away = (error: unknown) =>
    log.warn({ error: shortly(error) }, `DATABASE_URL leads to no database that answers; waiting ${seconds} s for it`)
  try {
    await untilAnswered(() => examine(url), { withinMs, away })
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    throw new Error(`DATABASE_URL led to no database that answers within ${seconds} s: ${shortly(error)}`, {
      cause: error,
    })
  }
}

async function examine(url: string): Promise<void> {
  const one = await connect(url)
  try {
    const { rows } = await one.query<{ encoding: string; path: string }>(
      `select current_setting('server_encoding') as encoding, current_setting('search_path') as path`,
    )
    const { encoding, path } = rows[0] ?? {}
    if (path !== sessionOptions.search_path) throw isPooler()
    if (encoding !== 'UTF8')
      throw unusable('DATABASE_URL', `names a database whose encoding is ${encoding}: give one with the encoding UTF8`)
    const before = await sessionOf(one)
    const another = await connect(url)
    try {
      const sessions = [await sessionOf(another), await sessionOf(one)]
      // Two connections that are open at once share a session, or one of them has changed its own.
      if (sessions[0] === before || sessions[1] !== before) throw isPooler()
    } finally {
      await another.end()
    }
  } finally {
    await one.end()
  }
}

/** Which of the server's processes works for a connection: for good, unless a pooler stands between. */
async function sessionOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ session: string }>(
    `select pid || ' since ' || backend_start as session from pg_stat_activity where pid = pg_backend_pid()`,
  )
  return rows[0]?.session
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: withSessionOptions(url, sessionOptions),
    application_name: 'posthorn start',
    connectionTimeoutMillis: answersWithinMs,
    query_timeout: answersWithinMs,
  })
  // What breaks is told by the call that meets it; unheard a second time, it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    // As PgBouncer says it, with a code that also means a broken connection.
    if (error instanceof Error && error.message.includes('unsupported startup parameter')) throw isPooler(error)
    if (isDatabaseAway(error)) throw error
    throw unusable('DATABASE_URL', 'leads to a database that refuses the connection', error)
  }
}

function isPooler(cause?: unknown): Error {
  return unusable(
    'DATABASE_URL',
    'leads to a connection pooler that does not keep a session with its settings for each connection, such as PgBouncer in transaction mode: give the address of Postgres itself',
    cause,
  )
}

/** A refused connection to a name of several addresses has a code and no message. */
function shortly(error: unknown): string {
  return error instanceof Error ? (codeOf(error) ?? error.message) : String(error)
}
