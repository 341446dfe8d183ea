// Reads the CPU time and the memory of processes from /proc. On systems without it the figures are not numbers.
import { readdirSync, readFileSync } from 'node:fs'

/** Of one tick; the kernel reports CPU time to programs in hundredths of a second. */
const msPerTick = 10

interface Stat {
  parent: number
  /** CPU time of the process itself, and of the children that it has reaped. */
  ownMs: number
  reapedMs: number
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name, is in brackets and may have blanks.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const at = (place: number) => Number(fields[place - 3])
    return { parent: at(4), ownMs: (at(14) + at(15)) * msPerTick, reapedMs: (at(16) + at(17)) * msPerTick }
  } catch {
    return null
  }
}

/** Of a process, the children that it has reaped, and those that live. */
export function cpuMsOfFamily(pid: number): number {
  const parent = statOf(pid)
  if (!parent) return Number.NaN
  const children = readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null
    return stat?.parent === pid ? [stat.ownMs + stat.reapedMs] : []
  })
  return children.reduce((sum, ms) => sum + ms, parent.ownMs + parent.reapedMs)
}

/** The CPU time of the whole machine since its start, and what its host took from it; not a number where it is not told. */
export function cpuMsOfMachine(): number {
  try {
    const [, user, nice, system, , , irq, softirq, steal] =
      readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).map(Number) ?? []
    return ((user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0)) * msPerTick
  } catch {
    return Number.NaN
  }
}

/** The memory in MiB that only this process holds: what it shares with others, as Postgres's buffers, is not counted. */
export function ownMiB(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return (
      [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, [, kib]) => sum + Number(kib), 0) /
      1024
    )
  } catch {
    return Number.NaN
  }
}

/** The process that started this one. */
export function parentOf(pid: number): number {
  return statOf(pid)?.parent ?? Number.NaN
}

/** The resident memory in MiB. */
export function residentMiB(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib) / 1024
  } catch {
    return Number.NaN
  }
}
