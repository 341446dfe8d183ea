// Waits for the database of DATABASE_URL and checks that the service can use it, and what it is.
import pg from 'pg'
import { type Backend, backendWarning, serverOf, whyNot } from './backends.ts'
import { whyNotWithCitus } from './citus.ts'
import { sessionOptions, stableSession, withSessionOptions } from './connection.ts'
import { codeOf, isDatabaseAway, query } from './db.ts'
import { untilAnswered } from './until-answered.ts'
import { unusable } from './unusable.ts'

/** Short, so that an operator sees the problem within seconds. */
const answerTimeoutMs = 2000

export interface WaitOptions {
  withinMs: number
  /** Default: Postgres. */
  backend?: Backend
  log: { warn(fields: object, text: string): void }
}

/** Resolves once a usable server answers. Throws after `withinMs`, or at once if waiting cannot help. */
export async function waitForDatabase(
  url: string,
  { withinMs, backend = 'postgres', log }: WaitOptions,
): Promise<void> {
  const seconds = withinMs / 1000
  const away = (error: unknown) =>
    log.warn({ error: errorSummary(error) }, `no database answers at DATABASE_URL; waiting up to ${seconds} s`)
  try {
    const { server, isDurable } = await untilAnswered(() => checkServer(url), { withinMs, away })
    const warning = backendWarning(backend, server)
    if (warning) log.warn({ backend, server }, warning)
    if (!isDurable) log.warn({ backend, server }, lossWarning)
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    throw new Error(`no database answered at DATABASE_URL within ${seconds} s: ${errorSummary(error)}`, {
      cause: error,
    })
  }
}

/** An operator may choose it, so that it does not end the start. */
const lossWarning =
  'the database of DATABASE_URL has synchronous_commit off: a crash of its server may lose events that were acknowledged, and send messages again'

async function checkServer(url: string): Promise<{ server: Backend; isDurable: boolean }> {
  const first = await connect(url)
  try {
    const kind = await kindOf(first)
    const [found] = await query<{ encoding: string; relied: string[]; isDurable: boolean }>(
      first,
      `select current_setting('server_encoding') as encoding,
         (select array_agg(current_setting(name) order by at) from unnest($1::text[]) with ordinality u (name, at)) as relied,
         coalesce(current_setting('synchronous_commit', true), 'on') <> 'off' as is_durable`,
      [Object.keys(reliedOn)],
    )
    const { encoding, relied = [], isDurable = true } = found ?? {}
    if (plain(relied) !== plain(Object.values(reliedOn))) throw poolerError('options')
    if (encoding !== 'UTF8')
      throw unusable('DATABASE_URL', `names a database with the encoding ${encoding}: use one with the encoding UTF8`)
    const before = await sessionOf(first)
    const second = await connect(url)
    try {
      const sessions = [await sessionOf(second), await sessionOf(first)]
      // Two open connections share a session, or one has changed its session: a pooler stands between.
      if (sessions[0] === before || sessions[1] !== before) throw poolerError('sessions')
    } finally {
      await second.end()
    }
    return { server: kind, isDurable }
  } finally {
    await first.end()
  }
}

/** The options of our sessions without which our SQL goes wrong. A pooler may drop them, and the database may have them itself. */
const reliedOn = { search_path: sessionOptions.search_path, ...stableSession }

/** Without what stands between the words of a value, which Postgres writes in its own way. */
function plain(values: string[]): string {
  return values.map((value) => value.replaceAll(/[\\\s]/g, '')).join(' ')
}

/** What the server is. Throws if our schema cannot be made on it, before anything is made. */
async function kindOf(client: pg.Client): Promise<Backend> {
  const [found] = await query<{ version: string; hasCitus: boolean }>(
    client,
    `select version(), to_regclass('pg_dist_partition') is not null as has_citus`,
  )
  const server = serverOf(found ?? { version: '', hasCitus: false })
  const fault = whyNot(server) ?? (server === 'citus' ? await whyNotWithCitus(client) : null)
  if (fault) throw unusable('DATABASE_URL', fault)
  return server
}

/** The server process of a connection, which never changes without a pooler. */
async function sessionOf(client: pg.Client): Promise<string | undefined> {
  const [found] = await query<{ session: string }>(
    client,
    `select pid || ' since ' || backend_start as session from pg_stat_activity where pid = pg_backend_pid()`,
  )
  return found?.session
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: withSessionOptions(url, sessionOptions),
    application_name: 'posthorn start',
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
  })
  // A broken connection fails its query; the `error` event that follows would end the process without a listener.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    // PgBouncer's message; its code also stands for a broken connection.
    if (error instanceof Error && error.message.includes('unsupported startup parameter'))
      throw poolerError('options', error)
    if (isDatabaseAway(error)) throw error
    throw unusable('DATABASE_URL', 'names a database that refuses the connection', error)
  }
}

/** What a connection pooler fails to do, and which do. */
const poolerFaults = {
  options: 'pass on the options of a session, such as PgBouncer in transaction or session mode',
  sessions: 'keep one session for each connection, such as PgBouncer in transaction mode',
}

function poolerError(fault: keyof typeof poolerFaults, cause?: unknown): Error {
  const text = `names a connection pooler that does not ${poolerFaults[fault]}: use the address of Postgres itself`
  return unusable('DATABASE_URL', text, cause)
}

/** A refused connection to a host with several addresses has a code and no message. */
function errorSummary(error: unknown): string {
  return error instanceof Error ? (codeOf(error) ?? error.message) : String(error)
}
