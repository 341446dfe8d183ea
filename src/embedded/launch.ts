// Chooses the user that Postgres runs as, since it refuses root. Candidates are tried, as modes, umasks, containers and
// user namespaces all affect which one works.
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
  /** Prepended to the command line. */
  prefix: string[]
  /** The account that spawn switches to; null for our own. */
  switchTo: Account | null
  /** The account that must own the data; null for our own. */
  owner: Account | null
}

/** Our environment is not passed on: it may have secrets, and PG… variables would change what Postgres does. */
export const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/** Starts a Postgres program in its own session, so that Ctrl-C does not reach it. */
export function run(launch: Launch, program: 'postgres' | 'initdb', args: string[], stdio: StdioOptions): ChildProcess {
  return runCommand(launch, [join(launch.binaries.native, 'bin', program), ...args], stdio)
}

function runCommand({ prefix, switchTo }: Pick<Launch, 'prefix' | 'switchTo'>, command: string[], stdio: StdioOptions) {
  const [first = '', ...rest] = [...prefix, ...command]
  return spawn(first, rest, { cwd: '/', env: environment, detached: true, stdio, ...switchTo })
}

/** The first way to run Postgres with data in `dataDir` that works. Throws if none does. */
export async function chooseLaunch(binaries: Binaries, dataDir: string): Promise<Launch> {
  const direct = { binaries, prefix: [], switchTo: null, owner: null }
  if (process.geteuid?.() !== 0) {
    // initdb needs a user name, and a container may run us under an id without one.
    if (hasUserName() || process.platform !== 'linux') return direct
    const nobody = (await accounts())[0]
    const mapped = nobody && { ...direct, prefix: namespace(nobody) }
    return mapped && (await canRun(mapped, dataDir)) ? mapped : direct
  }

  const account = (await accounts())[0]
  if (!account) throw new Error(refusal('there is no user postgres or nobody'))
  const switched = { binaries, prefix: [], switchTo: account, owner: account }
  if (await canRun(switched, dataDir)) return switched

  // A parent folder is not accessible (a checkout in /root). In a user namespace root keeps its access, while Postgres
  // sees another user id. Containers often forbid this.
  const mapped = { ...direct, prefix: namespace(account), owner: { uid: 0, gid: 0 } }
  if (await canRun(mapped, dataDir)) return mapped

  // The capability dac_override gives access to the data. The programs must be accessible without it, since they check
  // themselves with access(2), which ignores capabilities.
  const reachable = (await canRun(switched, '/')) ? binaries : await copyBinaries(binaries, '/var/lib/posthorn')
  const capable = { binaries: reachable, prefix: withCapability(account), switchTo: null, owner: account }
  if (await canRun(capable, dataDir)) return capable
  throw new Error(refusal(`no other user has access to ${dataDir}`))
}

const refusal = (why: string) =>
  `the embedded Postgres cannot run as root, and ${why}; start as another user, change DATA_DIR, or set DATABASE_URL`

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
    // spawn throws if we may not switch users.
    return false
  }
}

/** The exit code; null if the program did not start or was ended by a signal. */
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

/** The accounts `postgres` and `nobody`, if they exist. */
async function accounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  return ['postgres', 'nobody'].flatMap((name) => {
    const fields = lines.find((line) => line[0] === name)
    const account = { uid: Number(fields?.[2] ?? 0), gid: Number(fields?.[3] ?? 0) }
    return account.uid > 0 ? [account] : []
  })
}
