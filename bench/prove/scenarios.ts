// The scenarios, played one after the other, each under its own load. A scenario answers the faults that it injected and any
// broken guarantee that it saw; the ledger finds the others.
import { setTimeout as wait } from 'node:timers/promises'
import { eventually, type Fleet } from './fleet.ts'
import { emptySenderLog, eventsOf, post, type SenderLog } from './load.ts'
import { outage } from './outage.ts'
import { drawOf, randomOf } from './random.ts'
import { receipts } from './receipts.ts'
import type { Site } from './site.ts'
import type { Result, Stage } from './stage.ts'
import type { Fault } from './vendors.ts'
import type { Witness } from './witness.ts'

interface Scenario {
  name: string
  prefix: string
  play(stage: Stage): Promise<Result>
}

export const scenarios: Scenario[] = [
  { name: 'workers killed', prefix: 'kills', play: kills },
  { name: 'answers lost', prefix: 'answers', play: answers },
  { name: 'a provider dead', prefix: 'outage', play: outage },
  { name: 'receipts', prefix: 'receipts', play: receipts },
  { name: 'clocks apart', prefix: 'clocks', play: clocks },
  { name: 'rolling restart', prefix: 'rolling', play: rolling },
  { name: 'Postgres killed', prefix: 'postgres', play: postgres },
]

export interface Playing {
  site: Site
  witness: Witness
  seed: number
  short: boolean
  /** The prefixes of the scenarios to play; null for all. */
  only: string[] | null
  log(line: string): void
}

export async function playAll(fleet: Fleet, { site, witness, seed, short, only, log }: Playing) {
  const played = new Map<string, { sender: SenderLog; result: Result }>()
  for (const { name, prefix, play } of scenarios) {
    if (only && !only.includes(prefix)) continue
    log(name)
    const sender = emptySenderLog()
    const random = randomOf(`${seed}/${prefix}`)
    const load: Stage['load'] = (events, perSecond) => post(sender, events, { url: fleet.url, perSecond, witness })
    const events = (count: number) => eventsOf(prefix, count)
    const result = await play({ site, fleet, random, seed, short, sender: sender, events, load })
    result.broken.push(...fleet.deaths())
    played.set(prefix, { sender: sender, result })
  }
  return played
}

/** How many events and notifications are not final yet. */
export async function unsettled({ database }: Fleet): Promise<number> {
  const { rows } = await database.db.query<{ count: number }>(
    `select (select count(*) from events where due_at is not null)::int
       + (select count(*) from notifications where due_at is not null)::int as count`,
  )
  return rows[0]?.count ?? 0
}

/** Kills workers (kill -9) during calls, and replaces each. */
async function kills({ fleet, random, seed, short, events, load }: Stage): Promise<Result> {
  const posted = events(short ? 600 : 1500)
  for (const { email, phone } of posted)
    for (const address of [email, phone])
      fleet.plan(address, (vendor, nth) => (nth === 1 && drawOf(seed, vendor, address) < 0.3 ? 'slow' : null))
  const loading = load(posted, 75)
  const times = short ? 5 : 12
  for (let i = 0; i < times; i++) {
    await wait(random.between(200, 900))
    const victim = fleet.workers.splice(random.between(0, fleet.workers.length - 1), 1)[0]
    await victim?.end('SIGKILL')
    await fleet.addWorker()
  }
  await loading
  return { faults: `${times} workers killed (kill -9) in the middle of calls`, broken: [] }
}

/** Loses answers, whether or not the vendor accepted the message. */
async function answers({ fleet, seed, short, events, load }: Stage): Promise<Result> {
  const posted = events(short ? 200 : 800)
  const count = new Map<Fault, number>()
  // A text that was not accepted is settled by two look-ups that find nothing, which take longer than a short run.
  const faults: [number, Fault][] = [
    [0.11, 'reset'],
    [0.16, 'cut'],
    [0.19, 'junk'],
    [0.2, 'hang'],
    [0.22, 'slow'],
    [0.25, 'throttled'],
    [0.27, 'busy'],
    ...(short ? [] : [[0.29, 'error'] as [number, Fault]]),
  ]
  for (const { email, phone } of posted)
    for (const address of [email, phone])
      fleet.plan(address, (vendor, nth) => {
        const draw = drawOf(seed, vendor, address)
        const fault = faults.find(([below]) => draw < below)?.[1]
        if (nth > 1 || !fault || vendor === 'vonage') return null
        count.set(fault, (count.get(fault) ?? 0) + 1)
        return fault
      })
  await load(posted, 40)
  await eventually(3000, async () => (await unsettled(fleet)) < 20)
  return { faults: [...count].map(([fault, times]) => `${fault} ${times}`).join(', '), broken: [] }
}

/** Runs workers with clocks half a minute ahead and behind beside the others. */
async function clocks({ fleet, seed, short, events, load }: Stage): Promise<Result> {
  const apart = await Promise.all([fleet.addSkewedWorker(30_000), fleet.addSkewedWorker(-30_000)])
  const posted = events(short ? 150 : 600)
  for (const { email, phone } of posted)
    for (const address of [email, phone])
      fleet.plan(address, (vendor, nth) => {
        const draw = drawOf(seed, vendor, address)
        if (nth > 1 || vendor === 'vonage') return null
        return draw < 0.1 ? 'reset' : draw < 0.3 ? 'slow' : null
      })
  await load(posted, 50)
  // Long enough for each worker's sweep to see the others' open calls.
  await wait(short ? 4000 : 40_000)
  const ends = await Promise.all(apart.map((worker) => worker.stop()))
  return {
    faults: 'a worker 30 s ahead, one 30 s behind',
    broken: ends.filter((end) => end !== '0').map((end) => `a worker with a skewed clock ended with ${end}`),
  }
}

/** A rolling deployment under load: each process is replaced by a new one and stopped, one after the other. */
async function rolling({ fleet, short, events, load }: Stage): Promise<Result> {
  const loading = load(events(short ? 250 : 800), short ? 40 : 60)
  const ends = [await fleet.replaceApi()]
  for (const old of [...fleet.workers]) {
    await fleet.addWorker()
    fleet.workers.splice(fleet.workers.indexOf(old), 1)
    ends.push(await old.end('SIGTERM'))
  }
  await loading
  return {
    faults: `${ends.length} processes replaced and stopped by SIGTERM`,
    broken: ends.filter((end) => end !== '0').map((end) => `a process that was asked to stop ended with ${end}`),
  }
}

/** Kills the database server (kill -9) under load. */
async function postgres({ site, random, short, sender, events, load }: Stage): Promise<Result> {
  const loading = load(events(short ? 300 : 1000), 40)
  const away: number[] = []
  for (let i = 0; i < (short ? 2 : 4); i++) {
    await wait(random.between(1000, 2500))
    const began = performance.now()
    await site.killDatabase()
    away.push((performance.now() - began) / 1000)
  }
  await loading
  return {
    faults: `kill -9 of Postgres ${away.length} times, unavailable for ${away.map((s) => s.toFixed(1)).join(', ')} s`,
    broken: sender.refused > 0 ? [] : ['no request was answered 503 while Postgres was unavailable'],
  }
}
