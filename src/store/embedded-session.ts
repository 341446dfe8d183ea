// The connection that a process holds to the embedded Postgres while it uses it: verifies the server, creates the database,
// and holds a shared lock that tells whether other processes still use the server.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { query } from './db.ts'
import { ensureServiceRole } from './service-role.ts'

/** The owner of the database. */
export const embeddedUser = 'posthorn'
export const embeddedDatabase = 'posthorn'

/** An advisory lock in the database `postgres`: 'phrn' as a number. */
const usersLock = 0x7068726e

export interface EmbeddedSession {
  /** Registers this process as a user of the server. */
  hold(): Promise<void>
  /** Unregisters this process; true if no other process uses the server. One that was killed counts for up to a second. */
  isLast(): Promise<boolean>
  /** The pid as the server reports it, so that only the server that took our password is signalled. */
  postmasterPid(): Promise<number>
  /** Creates the database and the role of the service, if missing. */
  createDatabase(): Promise<void>
  /** Resolves if the connection breaks before `close`. */
  lost: Promise<void>
  close(): Promise<void>
}

export type Opened =
  | { kind: 'open'; session: EmbeddedSession; dataDirectory: string }
  | { kind: 'wrong password' }
  /** No server, or not ready yet: try again. */
  | { kind: 'not ready' }

export async function openEmbeddedSession(port: number, password: string): Promise<Opened> {
  const connection = {
    host: '127.0.0.1',
    port,
    user: embeddedUser,
    password,
    ssl: false,
    application_name: 'posthorn embedded',
    connectionTimeoutMillis: 2000,
    keepAlive: true,
  }
  const client = new pg.Client({ ...connection, database: 'postgres' })
  let state: 'opening' | 'open' | 'over' = 'opening'
  const lost = new Promise<void>((resolve) => {
    const onClosed = () => {
      if (state === 'open') resolve()
      state = 'over'
    }
    client.on('error', onClosed)
    client.on('end', onClosed)
  })

  let dataDirectory: string
  try {
    await client.connect()
    const [shown] = await query<{ dataDirectory: string }>(client, 'show data_directory')
    dataDirectory = shown?.dataDirectory ?? ''
  } catch (error) {
    await client.end().catch(() => {})
    const code = error instanceof Error && 'code' in error ? error.code : null
    return { kind: code === '28P01' ? 'wrong password' : 'not ready' }
  }
  state = 'open'

  const session: EmbeddedSession = {
    lost,
    async hold() {
      await client.query('select pg_advisory_lock_shared($1)', [usersLock])
    },
    async isLast() {
      await client.query('select pg_advisory_unlock_shared($1)', [usersLock])
      // Postgres may not have noticed yet that another process was killed.
      for (let looks = 0; looks < 20; looks++) {
        if (looks > 0) await sleep(50)
        const [tried] = await query<{ last: boolean }>(client, 'select pg_try_advisory_lock($1) as last', [usersLock])
        if (tried?.last) return true
      }
      return false
    },
    async postmasterPid() {
      const [read] = await query<{ pid: string }>(
        client,
        `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid`,
      )
      return Number(read?.pid)
    },
    async createDatabase() {
      const found = await client.query('select 1 from pg_database where datname = $1', [embeddedDatabase])
      if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(embeddedDatabase)}`)
      await ensureServiceRole({ ...connection, database: embeddedDatabase }, password)
    },
    async close() {
      state = 'over'
      await client.end().catch(() => {})
    },
  }
  return { kind: 'open', session, dataDirectory }
}
