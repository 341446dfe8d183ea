// What teams use in place of the service, with an audit row for each message: BullMQ and Celery, both on Redis. Each is
// skipped where it is not installed.
import { execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packageRoot } from '../../src/package-root.ts'
import type { Contender } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type Measure, measure } from '../figures.ts'
import type { Options } from '../options.ts'
import { nowMs } from '../sender.ts'
import { freePort } from '../service.ts'
import { openVendors, until } from '../stage.ts'
import { tenItems } from './samples.ts'

export interface Peers {
  found: Contender[]
  skipped: string[]
}

type Message = 'text' | 'email'

interface Peer {
  name: string
  /** The commands that enqueue messages and that process them. */
  fill: string[]
  work: string[]
}

interface Round {
  message: Message
  warmUp: number
  count: number
}

const folder = path.join(packageRoot(), 'tools', 'bench-peers')
const python = '/usr/bin/python3'
/** As many as our worker has sent before it is measured. */
const warmUp = 300

export async function peersOf(options: Options, message: Message, count: number): Promise<Peers> {
  if (!options.peers) return { found: [], skipped: ['BullMQ and Celery: not asked for (--peers)'] }
  if (!works('redis-server', '--version'))
    return { found: [], skipped: ['BullMQ and Celery: redis-server is not installed'] }
  const skipped: string[] = []
  const peers: Peer[] = []
  if (message === 'text') {
    if (installBullmq())
      peers.push({
        name: 'BullMQ',
        fill: [process.execPath, 'bullmq.js', 'fill'],
        work: [process.execPath, 'bullmq.js', 'work'],
      })
    else skipped.push('BullMQ: tools/bench-peers could not be installed')
  }
  if (works(python, '-c', 'import celery, redis, jinja2, psycopg2, requests')) peers.push(...[2, 8].map(celery))
  else
    skipped.push(
      'Celery: python3-celery, python3-redis, python3-jinja2, python3-psycopg2 or python3-requests is not installed',
    )
  const found = peers.map((peer) => ({
    name: peer.name,
    kind: 'peer' as const,
    run: () => run(options, peer, { message, warmUp, count }),
  }))
  return { found, skipped }
}

function celery(processes: number): Peer {
  const worker = ['-m', 'celery', '-A', 'celery_tasks', 'worker', '--loglevel=ERROR', `--concurrency=${processes}`]
  return {
    name: `Celery, ${processes} processes`,
    fill: [python, 'celery_tasks.py', 'fill'],
    work: [python, ...worker, '--without-gossip', '--without-mingle'],
  }
}

/** Enqueues all before the worker starts; measures from the end of the warm-up to the last audit row. */
async function run(options: Options, peer: Peer, { message, warmUp, count }: Round): Promise<Measure[]> {
  await using cleanup = new AsyncDisposableStack()
  const { urls } = await openVendors(cleanup)
  const database = await options.server.fresh()
  cleanup.defer(() => database.drop())
  await database.pool.query(
    `create table audit (id bigint generated always as identity primary key, message_id uuid not null, recipient text not null,
       status_code integer not null, provider_message_id text, at timestamptz not null default clock_timestamp())`,
  )
  const settings = {
    redisPort: await startRedis(cleanup),
    databaseUrl: database.url,
    provider: message === 'text' ? urls.twilio : urls.resend,
    message,
    order: tenItems.data,
    count: warmUp + count,
  }
  const filling = start(peer.fill, settings)
  const [code] = await once(filling, 'exit')
  if (code !== 0) throw new Error(`${peer.name}: enqueueing failed with ${code}`)
  const worker = start(peer.work, settings)
  // With the processes that it has started, which would keep running without it.
  const kill = () => void (worker.pid && process.kill(-worker.pid, 'SIGKILL'))
  process.once('exit', kill)
  cleanup.defer(async () => {
    process.off('exit', kill)
    const gone = once(worker, 'exit')
    kill()
    await gone
  })
  const audited = async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      'select /* bench */ count(*)::int as count from audit',
    )
    return rows[0]?.count ?? 0
  }
  await until(async () => (await audited()) >= warmUp, 5, 120_000)
  const before = await audited()
  const startMs = nowMs()
  const meter = await startMeter(options, database, { worker: { pid: worker.pid ?? 0 } })
  await until(async () => (await audited()) >= warmUp + count, 5, 300_000)
  const endMs = nowMs()
  const cost = await meter.stop()
  const measured = warmUp + count - before
  return [measure('messages', '/s', measured / ((endMs - startMs) / 1000)), ...costEach(cost, measured, 'a message')]
}

function start([command = '', ...args]: string[], settings: object) {
  const options: SpawnOptions = {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      PYTHONDONTWRITEBYTECODE: '1',
      PEER_SETTINGS: JSON.stringify(settings),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  }
  return spawn(command, args, options)
}

/** With the save points of Debian's configuration, and no log of writes, which is its default. */
async function startRedis(cleanup: AsyncDisposableStack): Promise<number> {
  const port = await freePort()
  const dir = mkdtempSync(path.join(tmpdir(), 'posthorn-bench-redis-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '3600 1 300 100 60 10000']
  const redis = spawn('redis-server', args, { stdio: 'ignore' })
  cleanup.defer(async () => {
    const gone = once(redis, 'exit')
    redis.kill('SIGKILL')
    await gone
    rmSync(dir, { recursive: true, force: true })
  })
  await until(async () => works('redis-cli', '-p', String(port), 'ping'), 50, 10_000)
  return port
}

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function installBullmq(): boolean {
  if (existsSync(path.join(folder, 'node_modules', '.package-lock.json'))) return true
  return works('npm', 'ci', '--prefix', folder, '--ignore-scripts')
}
