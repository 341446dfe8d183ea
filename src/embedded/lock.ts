// A lock file with which one process at a time starts or stops the embedded Postgres of a DATA_DIR.
import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identityOf, isAlive } from './process.ts'

/** Runs `work` under the lock. The lock of a dead process is broken. Throws if the lock is not acquired in time. */
export async function withLock<T>(dataDir: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  const path = join(dataDir, 'postgres.lock')
  const ticket = `${await identityOf(process.pid)}\n${randomBytes(8).toString('hex')}\n`
  await take(path, ticket, limitMs)
  try {
    return await work()
  } finally {
    if ((await readTicket(path)) === ticket) await rm(path, { force: true })
  }
}

async function take(path: string, ticket: string, limitMs: number): Promise<void> {
  const draft = uniqueBeside(path)
  await writeFile(draft, ticket, { mode: 0o600 })
  try {
    for (const end = performance.now() + limitMs; ; await sleep(50)) {
      if (await tryLink(draft, path)) return
      const holder = await readTicket(path)
      if (holder === null) continue
      if (await isStale(holder)) await breakLock(path, holder)
      else if (performance.now() > end)
        throw new Error(
          `${path} is held by process ${Number.parseInt(holder, 10)}, which is still starting or stopping the database; wait, or end that process`,
        )
    }
  } finally {
    await rm(draft, { force: true })
  }
}

async function isStale(ticket: string): Promise<boolean> {
  const [identity = ''] = ticket.split('\n')
  const pid = Number.parseInt(identity, 10)
  // Another start time means that the holder died and its pid was reused.
  return !(await isAlive(pid)) || (await identityOf(pid)) !== identity
}

/** Removes a dead holder's file. Two processes may race: a file that is not the dead holder's is put back. */
async function breakLock(path: string, stale: string): Promise<void> {
  const moved = uniqueBeside(path)
  if ((await readTicket(path)) !== stale) return
  try {
    await rename(path, moved)
  } catch {
    return
  }
  if ((await readTicket(moved)) !== stale) await tryLink(moved, path)
  await rm(moved, { force: true })
}

const uniqueBeside = (path: string) => `${path}.${process.pid}-${randomBytes(6).toString('hex')}`

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

const readTicket = (path: string) => readFile(path, 'utf8').catch(() => null)
