// The write-ahead log of the chaos kit's Postgres: how much of it is on disk, and the cluster as a loss of power would leave it,
// recovered from a base backup and a prefix of the log.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from '../../src/embedded/binaries.ts'
import { dataFolder, ensureCluster, freePort, logTail, spawnServer } from '../../src/embedded/cluster.ts'
import { chooseLaunch } from '../../src/embedded/launch.ts'
import type { Site } from './site.ts'

/** A position in the log, in bytes. */
export type Lsn = bigint

export interface WriteAheadLog {
  /** The end of what is on disk. Waits while the server is unavailable. */
  flushed(): Promise<Lsn>
  /** Ends the log with a record, since recovery stops at the first record after its target. */
  finish(): Promise<void>
  /**
   * Recovers the backup to each of these ascending positions in one pass over the log. While `look` runs, the recovered
   * server answers read-only queries.
   */
  recover(positions: Lsn[], look: (lsn: Lsn, urlOf: (database: string) => string) => Promise<void>): Promise<void>
  /** Also ends the recovered server. */
  close(): Promise<void>
}

const startsWithinMs = 120_000

export function shownLsn(lsn: Lsn): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase()
}

function lsnOf(text: string): Lsn {
  const [high = '0', low = '0'] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

/** Keeps the log from now on, and makes the base backup. `flushesLate` breaks it: commits are answered before they are on disk. */
export async function keepLog(
  { dataDir, ownerUrl }: Pick<Site, 'dataDir' | 'ownerUrl'>,
  { flushesLate }: { flushesLate: boolean },
): Promise<WriteAheadLog> {
  const backupDir = path.join(dataDir, 'backup')
  const db = new pg.Pool({ connectionString: ownerUrl, max: 2, connectionTimeoutMillis: 3000 })
  db.on('error', () => {})
  await db.query(`alter system set wal_keep_size = '1TB'`)
  // Each start of the recovered server repeats the log from the last checkpoint.
  await db.query(`alter system set checkpoint_timeout = '30s'`)
  if (flushesLate) await db.query('alter system set synchronous_commit = off')
  await db.query('select pg_reload_conf()')
  await makeBackup(db, dataFolder(dataDir), dataFolder(backupDir))
  const launch = await chooseLaunch(await findBinaries(backupDir), backupDir)
  await ensureCluster(launch, backupDir, '')
  const settingsFile = path.join(dataFolder(backupDir), 'postgresql.auto.conf')
  const settings = await readFile(settingsFile, 'utf8')
  const port = await freePort()
  const urlOf = (database: string) => Object.assign(new URL(ownerUrl), { port, pathname: `/${database}` }).toString()

  let recovered: Awaited<ReturnType<typeof spawnServer>> | null = null

  async function recoverTo(lsn: Lsn, look: () => Promise<void>): Promise<void> {
    const targets = {
      restore_command: `cp "${dataFolder(dataDir)}/pg_wal/%f" "%p"`,
      recovery_target_lsn: shownLsn(lsn),
      recovery_target_inclusive: 'off',
      recovery_target_action: 'pause',
      wal_keep_size: '0',
      fsync: 'off',
    }
    const lines = Object.entries(targets).map(([name, value]) => `${name} = '${value}'\n`)
    await writeFile(settingsFile, settings + lines.join(''))
    const started = await spawnServer(launch, backupDir, port)
    recovered = started
    void started.exited.then(() => {
      if (recovered === started) recovered = null
    })
    try {
      for (const until = performance.now() + startsWithinMs; !(await hasRecovered(urlOf('postgres'))); await wait(10))
        if (recovered !== started || performance.now() > until)
          throw new Error(`the log could not be recovered to ${shownLsn(lsn)}; ${await logTail(backupDir)}`)
      await look()
    } finally {
      await stopRecovered()
    }
  }
  async function stopRecovered(): Promise<void> {
    const stopping = recovered
    recovered = null
    // In recovery an orderly stop takes a second.
    if (stopping?.pid) process.kill(stopping.pid, 'SIGQUIT')
    await stopping?.exited
  }

  return {
    async flushed() {
      for (;;) {
        try {
          const { rows } = await db.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn')
          return lsnOf(rows[0]?.lsn ?? '0/0')
        } catch {
          await wait(50)
        }
      }
    },
    async finish() {
      await db.query(`select pg_logical_emit_message(false, 'prove', 'the end')`)
      await db.query('select pg_switch_wal()')
    },
    async recover(positions, look) {
      for (const lsn of positions) await recoverTo(lsn, () => look(lsn, urlOf))
    },
    async close() {
      await stopRecovered()
      await db.end()
    },
  }
}

async function makeBackup(db: pg.Pool, from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to))
  // The session that starts a backup must end it.
  const session = await db.connect()
  try {
    await session.query(`select pg_backup_start('prove', fast => true)`)
    const left = new Set(['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_stat_tmp', 'pg_subtrans'])
    await cp(from, to, {
      recursive: true,
      filter(source) {
        const [folder = '', ...inside] = path.relative(from, source).split(path.sep)
        return !folder.startsWith('postmaster.') && (inside.length === 0 || !left.has(folder))
      },
    })
    const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    await writeFile(path.join(to, 'backup_label'), rows[0]?.labelfile ?? '')
    await writeFile(path.join(to, 'recovery.signal'), '')
  } finally {
    session.release()
  }
}

/**
 * Whether the server has reached its target; then the next start continues from the last checkpoint before it. The server
 * refuses connections until it is consistent.
 */
async function hasRecovered(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ state: string }>('select pg_get_wal_replay_pause_state() as state')
    if (rows[0]?.state !== 'paused') return false
    await client.query('checkpoint')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
