// The service of the scenarios: an API process and workers of the compiled program on one database, and the vendors it
// calls. Processes come and go here, as orders, crashes and deployments have it.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { settings } from '../sender.ts'
import type { Said } from './orders.ts'
import type { Database, Process, Site } from './site.ts'
import type { Fault, VendorName, Vendors } from './vendors.ts'

export interface Fleet {
  database: Database
  vendors: Vendors
  /** Where to send the next webhook. */
  url(): string
  workers: Process[]
  /** Starts another worker; it takes part once it is ready. */
  addWorker(): Promise<Process>
  /** A worker whose clock is ahead of ours. */
  addSkewedWorker(aheadMs: number): Promise<{ stop(): Promise<string> }>
  /** Another API process takes over; the old one is told to stop. Answers how it ended. */
  replaceApi(): Promise<string>
  /** Processes that ended though nobody had asked for it, since the last time this was asked. */
  deaths(): string[]
  /** What goes wrong with calls for this address, from now on. */
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
        if ((JSON.parse(line) as Said).kind === 'ready') break
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
      return dead.map(({ role, process }) => `the ${role} process ended by itself with ${process.diedOf()}`)
    },
    plan: (address, fault) => plans.set(address, fault),
  }
  return fleet
}

/** Asks until the answer is yes, or until it is too late. */
export async function eventually(withinMs: number, ask: () => Promise<boolean>): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; ) {
    if (await ask().catch(() => false)) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}
