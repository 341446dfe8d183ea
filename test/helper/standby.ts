// A Postgres and its standby, which replicates synchronously and can take over: two clusters of the embedded server.
import { appendFile, chmod, chown, cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { findBinaries } from '../../src/embedded/binaries.ts'
import { dataFolder, ensureCluster, freePort, spawnServer } from '../../src/embedded/cluster.ts'
import { chooseLaunch, type Launch } from '../../src/embedded/launch.ts'
import { embeddedUser } from '../../src/store/embedded-session.ts'
import { eventually } from './world.ts'

interface Server {
  url: string
  port: number
  /** Ends it at once, as a crash does, and waits until it is gone. */
  kill(): Promise<void>
}

export interface Pair {
  primary: Server
  standby: Server & { promote(): Promise<void> }
  stop(): Promise<void>
}

const password = 'password-of-tests'
const urlOf = (port: number) => `postgres://${embeddedUser}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`

/** Resolves once what the primary commits is on the standby. */
export async function startPair(): Promise<Pair> {
  const folder = await mkdtemp(path.join(tmpdir(), 'posthorn-standby-'))
  await chmod(folder, 0o755)
  const launch = await chooseLaunch(await findBinaries(folder), folder)
  const [one, two] = [await folderIn(folder, launch), await folderIn(folder, launch)]
  await ensureCluster(launch, one, password)
  await appendFile(path.join(dataFolder(one), 'postgresql.conf'), 'fsync = off\nfull_page_writes = off\n')
  const primary = await startServer(launch, one)
  await copyTo(two, one, primary)
  const standby = await startServer(launch, two)
  await statement(primary.url, `alter system set synchronous_standby_names = '*'`)
  await statement(primary.url, 'select pg_reload_conf()')
  await eventually(async () => {
    const rows = await statement(primary.url, `select from pg_stat_replication where sync_state = 'sync'`)
    return rows.length === 1
  })
  return {
    primary,
    standby: { ...standby, promote: async () => void (await statement(standby.url, 'select pg_promote()')) },
    async stop() {
      await Promise.all([primary.kill(), standby.kill()])
      await rm(folder, { recursive: true })
    },
  }
}

async function folderIn(parent: string, { owner }: Launch): Promise<string> {
  const folder = await mkdtemp(path.join(parent, 'cluster-'))
  if (owner) await chown(folder, owner.uid, owner.gid)
  return folder
}

async function startServer(launch: Launch, dataDir: string): Promise<Server> {
  const port = await freePort()
  const { pid, exited } = await spawnServer(launch, dataDir, port)
  await eventually(async () => (await statement(urlOf(port), 'select 1')).length === 1)
  return {
    url: urlOf(port),
    port,
    async kill() {
      // An immediate shutdown: no transaction ends, no client is told more than that, and nothing is written.
      if (pid !== undefined) signal(pid)
      await exited
    },
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It has ended before.
  }
}

/** A base backup: the files of the running primary, between the start and the end of a backup. */
async function copyTo(to: string, from: string, primary: Server): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url })
  await client.connect()
  await client.query(`select pg_backup_start('standby', true)`)
  const target = dataFolder(to)
  await cp(dataFolder(from), target, {
    recursive: true,
    filter: (source) => !/postmaster\.(pid|opts)$/.test(source),
  })
  const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
  await client.end()
  await writeFile(path.join(target, 'backup_label'), rows[0].labelfile)
  await writeFile(path.join(target, 'standby.signal'), '')
  await appendFile(
    path.join(target, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=${embeddedUser} password=${password}'\n`,
  )
  await sameOwner(from, target)
}

async function sameOwner(from: string, folder: string): Promise<void> {
  const { uid, gid } = await stat(dataFolder(from))
  for (const name of ['', ...(await readdir(folder, { recursive: true }))])
    await chown(path.join(folder, name), uid, gid)
  await chmod(folder, 0o700)
}

async function statement(url: string, sql: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
