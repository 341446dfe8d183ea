// Several processes of the service on one database, and vendors that record when they are called.
import { Writable } from 'node:stream'
import { openLog } from '../../src/log.ts'
import { type Running, start } from '../../src/start.ts'
import { shipped } from './events.ts'
import { signedApp } from './signed.ts'
import { startVendor, type Vendor, type VendorScript } from './vendor.ts'
import { eventually, shopSecret, startWorld, testConfig, type World } from './world.ts'

export interface Fleet {
  world: World
  processes: FleetProcess[]
  /** Stops one process other than the world's own; resolves once it has stopped. */
  stopOne(): Promise<void>
  stop(): Promise<void>
}

export interface FleetProcess {
  /** Posts an event of the app to this process, again while its database is away: on a busy machine to connect takes long. */
  app(event: unknown): Promise<void>
  log: string[]
  /** How many attempts it has closed. */
  closed(): number
}

/** Starts this many processes, the world's own included, with the same environment. */
export async function startFleet(count: number, env: Record<string, string>): Promise<Fleet> {
  const world = await startWorld({ env })
  const processes = [processOf(world.url, world.log)]
  const others: Running[] = []
  for (let i = 1; i < count; i++) {
    const log: string[] = []
    const sink = new Writable({ write: (chunk, _encoding, done) => done(void log.push(String(chunk))) })
    const config = testConfig({ DATABASE_URL: world.databaseUrl, ...env })
    const running = await start(config, { log: openLog(config.logLevel, sink), print: () => {} })
    others.push(running)
    processes.push(processOf(running.url, log))
  }
  return {
    world,
    processes,
    stopOne: async () => others.pop()?.stop(),
    async stop() {
      await Promise.all(others.map((process) => process.stop()))
      await world.stop()
    },
  }
}

function processOf(url: string, log: string[]): FleetProcess {
  return {
    async app(event) {
      const { payload, headers } = signedApp(event, { secret: shopSecret })
      await eventually(async () => {
        const { status } = await fetch(`${url}/webhooks/apps/shop`, { method: 'POST', headers, body: payload })
        return status === 200
      })
    },
    log,
    closed: () => log.filter((line) => line.includes('attempt closed')).length,
  }
}

export interface TimedVendor extends Omit<Vendor, 'answer'> {
  /** When each request arrived, in milliseconds of a monotonic clock. */
  times: number[]
  answer(script: VendorScript): void
}

export async function startTimedVendor(first: VendorScript): Promise<TimedVendor> {
  const vendor = await startVendor()
  const times: number[] = []
  const answer = (script: VendorScript) =>
    vendor.answer((request, number) => {
      times.push(performance.now())
      return script(request, number)
    })
  answer(first)
  return { ...vendor, times, answer }
}

/** The largest number of arrivals in any window of `ms`. */
export function mostWithin(ms: number, times: number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))
}

/** An event that makes one email to each of `count` new recipients. */
export function emailsTo(count: number, more: object = {}): Record<string, unknown> {
  const recipients = Array.from({ length: count }, () => ({ email: `p${crypto.randomUUID()}@example.org` }))
  return shipped({ recipient: undefined, recipients, ...more })
}

/** The number of a channel's notifications in a state. */
export async function countIn(world: World, state: string, channel = 'email'): Promise<number> {
  const { rows } = await world.db.query(
    'select count(*)::integer as n from notifications where state = $1 and channel = $2',
    [state, channel],
  )
  return rows[0].n
}

export async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(async () => done())
}
