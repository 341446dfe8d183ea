// The service under test: an API process and workers of the compiled program on one database, with the vendors that they call.
// Processes can be added, replaced and killed.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { settings } from '../sender.ts'
import type { Report } from './orders.ts'
import type { Database, Process, Site } from './site.ts'
import type { Fault, VendorName, Vendors } from './vendors.ts'

export interface Fleet {
  database: Database
  vendors: Vendors
  /** The URL for the next webhook. */
  url(): string
  workers: Process[]
  /** Starts another worker and resolves once it is ready. */
  addWorker(): Promise<Process>
  /** Starts a worker whose clock is ahead of ours. */
  addSkewedWorker(aheadMs: number): Promise<{ stop(): Promise<string> }>
  /** Starts another API process, stops the old one, and answers how that ended. */
  replaceApi(): Promise<string>
  /** Processes that ended without being asked to, since the last call. */
  deaths(): string[]
  /** Sets the faults of calls for this address, from now on. */
  plan(address: string, fault: (vendor: VendorName, nth: number) => Fault | null): void
}

export async function startFleet(site: Site, vendors: Vendors, workers: number): Promise<Fleet> {
  const database = await site.database('service')
  const env = { ...settings, ...vendors.env, DATABASE_URL: database.url, LOG_LEVEL: 'fatal' }
  let started: { role: string; process: Process }[] = []
  const begin = (role: 'api' | 'worker') => {
    const process = site.start({ ...env, POSTHORN_ROLES: role })
    started.push({ role, process })
    return process
  }
  const startWorker = async () => {
    const worker = begin('worker')
    await worker.ready
    return worker
  }
  const plans = new Map<string, (vendor: VendorName, nth: number) => Fault | null>()
  vendors.script((vendor, address, nth) => plans.get(address)?.(vendor, nth) ?? null)
  let api = begin('api')
  let url = await api.ready

  const fleet: Fleet = {
    database,
    vendors,
    url: () => url,
    workers: await Promise.all(Array.from({ length: workers }, startWorker)),
    async addWorker() {
      const worker = await startWorker()
      fleet.workers.push(worker)
      return worker
    },
    async addSkewedWorker(aheadMs) {
      const child = site.fork()
      const gone = once(child, 'exit')
      child.send({ kind: 'service', env: { ...env, POSTHORN_ROLES: 'worker' }, aheadMs })
      for await (const line of createInterface({ input: child.stdout ?? process.stdin }))
        if ((JSON.parse(line) as Report).kind === 'ready') break
      return {
        async stop() {
          child.kill('SIGTERM')
          const [code, signal] = await gone
          return String(signal ?? code)
        },
      }
    },
    async replaceApi() {
      const old = api
      api = begin('api')
      url = await api.ready
      return old.end('SIGTERM')
    },
    deaths() {
      const dead = started.filter(({ process }) => process.diedOf() !== null)
      started = started.filter((one) => !dead.includes(one))
      return dead.map(({ role, process }) => `the ${role} process ended unexpectedly with ${process.diedOf()}`)
    },
    plan: (address, fault) => plans.set(address, fault),
  }
  return fleet
}

/** Polls until the answer is true, or answers false after `withinMs`. */
export async function eventually(withinMs: number, ask: () => Promise<boolean>): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; ) {
    if (await ask().catch(() => false)) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}
