// A stage for one run: a fresh database, the stand-ins, and a build's service, its API and its workers apart so that each is
// measured alone.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import type { Counted, VendorSettings, VendorUrls } from './child-vendors.ts'
import type { Database } from './database.ts'
import type { Options } from './options.ts'
import { api, settings } from './sender.ts'
import { type Build, type Service, startService } from './service.ts'

export interface Stage {
  database: Database
  api: Service
  /** The first of its workers. */
  worker: Service
  workers: Service[]
  vendors: Vendors
  env: Record<string, string>
}

export interface Vendors {
  urls: VendorUrls
  pid: number
  counted(): Promise<Counted>
  reset(): Promise<void>
  /** When the next request arrived that it was asked to report. */
  arrival(): Promise<number>
}

interface Wanted {
  build: Build
  /** Instead of a fresh one. */
  database?: Database
  /** How many workers; 0: one process has both roles. */
  workers?: number
  reports?: string | null
  /** How long the stand-ins take to answer. */
  delayMs?: number
  env?: Record<string, string>
}

/** Disposes of everything with `cleanup`. */
export async function openStage(
  cleanup: AsyncDisposableStack,
  options: Options,
  { build, database: given, workers = 1, reports = null, delayMs = 0, env: more = {} }: Wanted,
): Promise<Stage> {
  const vendors = await openVendors(cleanup, { reports, delayMs })
  const database = given ?? (await options.server.fresh())
  cleanup.defer(() => database.drop())
  const { resend, twilio } = vendors.urls
  const env = { ...settings, DATABASE_URL: database.url, RESEND_BASE_URL: resend, TWILIO_BASE_URL: twilio, ...more }
  const begin = async (role: string) => {
    const service = await startService(build, role, env)
    cleanup.defer(() => service.stop())
    return service
  }
  const first = await begin(workers === 0 ? 'api,worker' : 'api')
  const others: Service[] = []
  for (let i = 0; i < workers; i++) others.push(await begin('worker'))
  return { database, api: first, worker: others[0] ?? first, workers: workers === 0 ? [first] : others, vendors, env }
}

export async function openVendors(
  cleanup: AsyncDisposableStack,
  { reports = null, delayMs = 0 }: Partial<VendorSettings> = {},
): Promise<Vendors> {
  const child: Child = startChild('vendors', { reports, delayMs } satisfies VendorSettings)
  cleanup.defer(() => child.stop())
  const urls = await child.next<VendorUrls>('ready')
  return {
    urls,
    pid: child.pid,
    counted() {
      child.emit('count')
      return child.next<Counted>('counted')
    },
    async reset() {
      child.emit('reset')
      await child.next('reset')
    },
    arrival: () => child.next<number>('arrival'),
  }
}

/** Resolves once `isDone` answers true. Throws after `withinMs`. */
export async function until(isDone: () => Promise<boolean>, everyMs = 10, withinMs = 600_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await isDone())) {
    if (performance.now() > end) throw new Error(`not done within ${withinMs / 1000} s: ${isDone}`)
    await wait(everyMs)
  }
}

const count = async ({ pool }: Database, sql: string) =>
  (await pool.query<{ count: number }>(`select /* bench */ count(*)::int as count from ${sql}`)).rows[0]?.count ?? 0

/** How many events have been planned. */
export const plannedEvents = (database: Database) => count(database, `events where status = 'planned'`)

/** Before every attempt. */
const beforeAll = '00000000-0000-0000-0000-000000000000'

/** The latest attempt's id. Ids grow with time. */
export async function latestAttempt({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('select /* bench */ id from attempts order by id desc limit 1')
  return rows[0]?.id ?? beforeAll
}

/**
 * Waits until the stand-ins have had as many requests, since their last reset, and the audit has as many accepted attempts
 * beside those `before`, of the attempts after this one. Throws if either has more.
 */
export async function allDelivered(
  { database, vendors }: Stage,
  expected: number,
  { before = 0, after = beforeAll } = {},
): Promise<void> {
  const attempts = (outcome: string) => count(database, `attempts where id > '${after}' and outcome ${outcome}`)
  await until(async () => (await vendors.counted()).requests >= expected)
  await until(async () => (await attempts('is not null')) >= expected + before, 2)
  const accepted = (await attempts(`= 'accepted'`)) - before
  const { requests } = await vendors.counted()
  if (accepted !== expected || requests !== expected)
    throw new Error(`expected ${expected} messages, found ${accepted} accepted and ${requests} requests`)
}

export interface ListEvent {
  type: string
  data: object
  channels: string[]
  /** The data of each recipient. */
  each?(i: number): object
}

/** Posts an event for many recipients, who differ. */
export async function postList(
  { api: { url } }: Pick<Stage, 'api'>,
  count: number,
  { each, ...event }: ListEvent,
  more: object = {},
): Promise<void> {
  const recipients = Array.from({ length: count }, (_, i) => recipientOf(event.channels, each?.(i)))
  await api(url, 'POST', '/v1/events', { ...event, recipients, ...more })
}

let people = 0

function recipientOf(channels: string[], data: object | undefined) {
  people++
  const id = `cus_${randomUUID()}`
  return {
    id,
    name: 'Ada Lovelace',
    ...(channels.includes('email') && { email: `${id}@customers.example` }),
    // Numbers of one area that exist; all differ.
    ...(channels.includes('sms') && { phone: `+1415${String(2_000_000 + (people % 7_000_000))}` }),
    ...(data && { data }),
  }
}
