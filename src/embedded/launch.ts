// As whom Postgres runs: it refuses root. What works is tried out rather than reckoned, since modes, umasks,
// containers and user namespaces all have a say. cluster.ts runs initdb and postgres through what is chosen.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Binaries, copyBinaries } from './binaries.ts'

interface Account {
  uid: number
  gid: number
}

export interface Launch {
  binaries: Binaries
  /** What stands before the program's own command line. */
  prefix: string[]
  /** Whom node itself switches to; null: nobody else. */
  switchTo: Account | null
  /** Who must own the data; null: they are ours already. */
  owner: Account | null
}

/** Nothing of our environment is passed on: it may hold secrets, and PG… variables would change what Postgres does. */
export const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** Starts one of Postgres's programs in a session of its own, so that a Ctrl-C meant for us does not reach it. */
export function run(launch: Launch, program: 'postgres' | 'initdb', args: string[], stdio: StdioOptions): ChildProcess {
  return runCommand(launch, [join(launch.binaries.native, 'bin', program), ...args], stdio)
}

function runCommand({ prefix, switchTo }: Pick<Launch, 'prefix' | 'switchTo'>, command: string[], stdio: StdioOptions) {
  const [first = '', ...rest] = [...prefix, ...command]
  return spawn(first, rest, { cwd: '/', env: environment, detached: true, stdio, ...switchTo })
}

/** The first way that works to run Postgres with data below `dataDir`. */
export async function chooseLaunch(binaries: Binaries, dataDir: string): Promise<Launch> {
  const direct = { binaries, prefix: [], switchTo: null, owner: null }
  if (process.geteuid?.() !== 0) {
    // initdb wants a name for its user; a container may run us under a number that has none.
    if (hasUserName() || process.platform !== 'linux') return direct
    const nobody = (await accounts())[0]
    const mapped = nobody && { ...direct, prefix: namespace(nobody) }
    return mapped && (await canRun(mapped, dataDir)) ? mapped : direct
  }

  const account = (await accounts())[0]
  if (!account) throw new Error(refusal('there is no user postgres or nobody to run it as'))
  const switched = { binaries, prefix: [], switchTo: account, owner: account }
  if (await canRun(switched, dataDir)) return switched

  // A folder above is closed (a checkout below /root). Inside a user namespace root's files stay root's
  // and Postgres sees another number. Containers often forbid it.
  const mapped = { ...direct, prefix: namespace(account), owner: { uid: 0, gid: 0 } }
  if (await canRun(mapped, dataDir)) return mapped

  // The right to pass closed folders opens the data. The programs must be reachable without it all the same:
  // they ask access(2) about themselves, which leaves such rights out.
  const reachable = (await canRun(switched, '/')) ? binaries : await copyBinaries(binaries, '/var/lib/posthorn')
  const capable = { binaries: reachable, prefix: withCapability(account), switchTo: null, owner: account }
  if (await canRun(capable, dataDir)) return capable
  throw new Error(refusal(`${dataDir} cannot be reached by another user`))
}

const refusal = (why: string) =>
  `the embedded Postgres cannot run as root, and ${why}; start as another user, put DATA_DIR elsewhere, or set DATABASE_URL`

const namespace = ({ uid, gid }: Account) => ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--']

const withCapability = ({ uid, gid }: Account) => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
  '--',
]

async function canRun(launch: Launch, folder: string): Promise<boolean> {
  const postgres = join(launch.binaries.native, 'bin/postgres')
  const command = ['/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', folder, postgres]
  try {
    return (await exitOf(runCommand(launch, command, 'ignore'))) === 0
  } catch {
    // spawn throws at once where we may not switch users.
    return false
  }
}

/** The exit code; null where it could not be started or was ended by a signal. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', (code) => resolve(code))
  })
}

function hasUserName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** `postgres` if it exists, then `nobody`. */
async function accounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  return ['postgres', 'nobody'].flatMap((name) => {
    const fields = lines.find((line) => line[0] === name)
    const account = { uid: Number(fields?.[2] ?? 0), gid: Number(fields?.[3] ?? 0) }
    return account.uid > 0 ? [account] : []
  })
}
