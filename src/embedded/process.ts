// Tells whether a process is alive, since a pid may be a zombie's or reused by another program.
import { readFile, readlink } from 'node:fs/promises'

/** The pid and, if /proc has it, the start time, which together identify a process until the machine reboots. */
export async function identityOf(pid: number): Promise<string> {
  const stat = await procStat(pid)
  return stat ? `${pid} ${stat.startTicks}` : String(pid)
}

/** False for a zombie, which holds no file and no memory. Some init processes reap late or never. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!exists(pid)) return false
  const stat = await procStat(pid)
  return !stat || !'ZX'.includes(stat.state)
}

/** `gone`, `zombie`, or the name and working directory of a live process; null for what the system does not tell. */
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
    // EPERM: the process is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Null without /proc (macOS). The name is in brackets and may itself contain brackets. */
async function procStat(pid: number): Promise<{ name: string; state: string; startTicks: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return { name: text.slice(text.indexOf('(') + 1, end), state: fields[0] ?? '', startTicks: fields[19] ?? '' }
}
