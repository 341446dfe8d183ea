// Creates the embedded database's cluster and starts its server. Under DATA_DIR are `postgres` (the cluster),
// `postgres.log` and `postgres.new-…` (a cluster that is being created).
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { embeddedUser } from '../store/embedded-session.ts'
import { environment, exitOf, type Launch, run } from './launch.ts'

/** The contents of postmaster.pid. The server writes it line by line, so its end may be missing. */
export interface Postmaster {
  pid: number
  port: number | null
  ready: boolean
}

export const dataFolder = (dataDir: string) => join(dataDir, 'postgres')

export async function readPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(dataFolder(dataDir), 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) || null, ready: lines[7]?.trim() === 'ready' }
}

/**
 * Creates the cluster if there is none. A crash leaves only a draft, which the next start removes. Call it under the
 * lock. Throws if the cluster is of another major version.
 */
export async function ensureCluster(launch: Launch, dataDir: string, password: string): Promise<void> {
  const made = await readFile(join(dataFolder(dataDir), 'PG_VERSION'), 'utf8').catch(() => null)
  if (made !== null) {
    if (made.trim() !== launch.binaries.major)
      throw new Error(
        `${dataFolder(dataDir)} was created by Postgres ${made.trim()}, and this is ${launch.binaries.major}; dump and restore it, or set DATABASE_URL`,
      )
    return changeOwner(launch, dataFolder(dataDir))
  }
  for (const leftover of await readdir(dataDir)) {
    if (leftover.startsWith('postgres.new-')) await rm(join(dataDir, leftover), { recursive: true })
  }

  const draft = join(dataDir, `postgres.new-${randomBytes(6).toString('hex')}`)
  await mkdir(draft, { mode: 0o700 })
  await writeFile(join(draft, 'password'), password, { mode: 0o600 })
  await changeOwner(launch, draft)
  const logFile = await openLog(dataDir)
  try {
    const args = [
      ['-D', join(draft, 'data'), '-U', embeddedUser, `--pwfile=${join(draft, 'password')}`, '--auth=scram-sha-256'],
      // Postgres's built-in C.UTF-8 sorts by code point, supports upper and lower case, and needs no locale of the system.
      ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ]
    const code = await exitOf(run(launch, 'initdb', args.flat(), ['ignore', logFile.fd, logFile.fd]))
    if (code !== 0) throw new Error(`initdb failed; ${await logTail(dataDir)}`)
    await rename(join(draft, 'data'), dataFolder(dataDir))
  } finally {
    await logFile.close()
    await rm(draft, { recursive: true, force: true })
  }
}

/** Starts the server, which outlives this process unless it is stopped. `exited` resolves when it ends. */
export async function spawnServer(launch: Launch, dataDir: string, port: number) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // A DETAIL line may have a row with addresses.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const logFile = await openLog(dataDir)
  try {
    const child = run(launch, 'postgres', ['-D', dataFolder(dataDir), ...args], ['ignore', logFile.fd, logFile.fd])
    const exited = exitOf(child)
    child.unref()
    return { pid: child.pid, exited }
  } finally {
    await logFile.close()
  }
}

/** A port that is free now; another process may take it. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const maxLogBytes = 10_000_000
const logPath = (dataDir: string) => join(dataDir, 'postgres.log')

async function openLog(dataDir: string) {
  const size = await stat(logPath(dataDir)).then(
    (found) => found.size,
    () => 0,
  )
  if (size > maxLogBytes) await rename(logPath(dataDir), `${logPath(dataDir)}.1`)
  return open(logPath(dataDir), 'a', 0o600)
}

/** The last lines of the log, on one line. */
export async function logTail(dataDir: string): Promise<string> {
  const text = await readFile(logPath(dataDir), 'utf8').catch(() => '')
  // What follows the fault says less than the fault.
  const said = text
    .split('\n')
    .filter((line) => line.trim() && !/STATEMENT:|^child process|^initdb: removing/.test(line))
  return `${logPath(dataDir)} ends: ${said.slice(-4).join(' | ')}`
}

/** An earlier start may have run as another user. */
async function changeOwner({ owner }: Launch, folder: string): Promise<void> {
  if (!owner || (await stat(folder)).uid === owner.uid) return
  await promisify(execFile)('chown', ['-R', `${owner.uid}:${owner.gid}`, '--', folder], { env: environment })
  await chmod(folder, 0o700)
}
