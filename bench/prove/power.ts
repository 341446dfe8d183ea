// Power loss: recovers the database from its log cut off at many places, at the positions where somebody had just been told
// something and at random bytes, and checks what every recovered state must hold.
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from '../../src/embedded/binaries.ts'
import { freePort, spawnServer } from '../../src/embedded/cluster.ts'
import { chooseLaunch } from '../../src/embedded/launch.ts'
import { faultsOf } from './consistency.ts'
import { randomOf } from './random.ts'
import { positionOf, textOf, type Wal } from './wal.ts'

export interface PowerOptions {
  wal: Wal
  /** The folder for the recovered cluster. */
  folder: string
  /** The URL of the original server's owner. */
  ownerUrl: string
  databases: string[]
  seed: number
  prefixes: number
}

export interface PowerLosses {
  prefixes: number
  /** The events that had been acknowledged, and the calls that vendors had taken, at all prefixes together. */
  checked: number
  broken: string[]
}

const maxReported = 5
const startsWithinMs = 60_000
/** Longer than the interval at which the server looks for more of the log. */
const quietMs = 150

export async function losePower(options: PowerOptions): Promise<PowerLosses> {
  const { wal, folder, ownerUrl, databases, seed, prefixes } = options
  const losses: PowerLosses = { prefixes: 0, checked: 0, broken: [] }
  await mkdir(folder, { mode: 0o711 })
  const replica = await wal.replica(folder)
  const places = placesOf(wal, await replica.end(), { seed, prefixes })
  const [first] = places
  if (first === undefined) return losses
  await replica.feed(first)
  const port = await freePort()
  const { pid, exited } = await spawnServer(await chooseLaunch(await findBinaries(folder), folder), folder, port)
  const pools = new Map(databases.map((name) => [name, poolOf(ownerUrl, port, name)]))
  const server = poolOf(ownerUrl, port, 'postgres')
  try {
    await answering(server, folder)
    for (const place of places) {
      await replica.feed(place)
      const replayed = await replayedUpTo(server)
      losses.prefixes++
      const known = await server.query<{ name: string }>('select datname as name from pg_database')
      for (const [database, db] of pools) {
        const marks = wal.marks.filter((mark) => mark.database === database && mark.at <= replayed)
        if (!known.rows.some(({ name }) => name === database) || marks.length === 0) continue
        losses.checked += marks.length
        for (const fault of await faultsOf(db, marks))
          losses.broken.push(`power lost at ${textOf(place)}: in ${database}, ${fault}`)
      }
      if (losses.broken.length > 0) break
    }
  } finally {
    await Promise.all([server, ...pools.values()].map((pool) => pool.end()))
    if (pid) process.kill(pid, 'SIGINT')
    await exited
  }
  losses.broken = losses.broken.slice(0, maxReported)
  return losses
}

/** Half of them are positions of marks: the tightest that the marked fact must survive. The others are any bytes. */
function placesOf({ marks }: Wal, end: bigint, { seed, prefixes }: { seed: number; prefixes: number }): bigint[] {
  const random = randomOf(`${seed}/power`)
  const [first] = [...marks].sort((a, b) => Number(a.at - b.at))
  if (!first) return []
  const places = Array.from({ length: prefixes }, (_, i) =>
    i % 2 === 0 ? random.pick(marks).at : first.at + BigInt(random.between(0, Number(end - first.at))),
  )
  return [...new Set(places)].sort((a, b) => Number(a - b))
}

/** Waits until it has replayed all whole records that it was given. */
async function replayedUpTo(server: pg.Pool): Promise<bigint> {
  let last = -1n
  for (let since = performance.now(); performance.now() - since < quietMs; await wait(20)) {
    const { rows } = await server.query<{ at: string }>('select pg_last_wal_replay_lsn() as at')
    const at = positionOf(rows[0]?.at ?? '0/0')
    if (at !== last) since = performance.now()
    last = at
  }
  return last
}

async function answering(server: pg.Pool, folder: string): Promise<void> {
  for (const until = performance.now() + startsWithinMs; ; await wait(50))
    try {
      await server.query('select')
      return
    } catch (error) {
      if (performance.now() < until) continue
      const log = await readFile(path.join(folder, 'postgres.log'), 'utf8')
      throw new Error(`the recovered cluster did not start: ${log.slice(-1000)}`, { cause: error })
    }
}

function poolOf(ownerUrl: string, port: number, database: string): pg.Pool {
  const url = new URL(ownerUrl)
  url.port = String(port)
  url.pathname = `/${database}`
  const pool = new pg.Pool({
    connectionString: url.toString(),
    max: 1,
    options: '-c search_path=posthorn,posthorn_jobs',
  })
  pool.on('error', () => {})
  return pool
}
