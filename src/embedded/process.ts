// Who is alive: a process id alone may be a zombie's, or be taken over by another program.
import { readFile, readlink } from 'node:fs/promises'

/** `pid` and, where the system tells, its start: together they name one process of this machine since its boot. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await procStat(pid)
  return stat ? `${pid} ${stat.startTicks}` : String(pid)
}

/** False for a zombie too: it holds no file and no memory, and some init processes reap late or never. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!exists(pid)) return false
  const stat = await procStat(pid)
  return !stat || !'ZX'.includes(stat.state)
}

/** What is at the pid: `gone`, a `zombie`, or alive with its name and working directory where the system tells. */
export async function inspect(pid: number): Promise<'gone' | 'zombie' | { name: string | null; cwd: string | null }> {
  if (!exists(pid)) return 'gone'
  const stat = await procStat(pid)
  if (stat && 'ZX'.includes(stat.state)) return 'zombie'
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null)
  return { name: stat?.name ?? null, cwd }
}

function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Null where there is no /proc (macOS). The name stands in brackets and may hold anything, brackets too. */
async function procStat(pid: number): Promise<{ name: string; state: string; startTicks: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return { name: text.slice(text.indexOf('(') + 1, end), state: fields[0] ?? '', startTicks: fields[19] ?? '' }
}
