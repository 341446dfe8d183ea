// Crash points: batches of events are processed by processes that are killed (kill -9) at a named step, repeatedly, until one
// finishes. A point is one event or notification that was at the step when its process died. Each batch has its own clock.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { settings } from '../sender.ts'
import { emptySenderLog, eventsOf, type SenderLog } from './load.ts'
import type { LotOrder, Report, Step } from './orders.ts'
import { steps } from './orders.ts'
import { drawOf, type Random, randomOf } from './random.ts'
import type { Database, Site } from './site.ts'
import type { Fault, Vendors } from './vendors.ts'
import type { Witness } from './witness.ts'

export interface CrashOptions {
  site: Site
  database: Database
  vendors: Vendors
  witness: Witness
  seed: number
  /** Runs until there were this many crash points. */
  points: number
  breaks: 'fence' | null
  /** Reports progress. */
  progress(points: number, kills: number): void
}

export interface Crashes {
  sender: SenderLog
  kills: number
  points: number
  /** Kills and points by step. */
  bySteps: Map<Step, { kills: number; points: number }>
}

const lanes = 2
/** Small batches where few points are asked for, so that every step gets its turn. */
const lotSizeFor = (points: number) => (points <= 500 ? 10 : 30)
/** An open call counts as lost after 30 s, by the batch's clock; the next process starts after that. */
const nextLifeAfterMs = 35_000
const keptForMs = 80

export async function crash(options: CrashOptions): Promise<Crashes> {
  const { site, vendors, seed, points, progress } = options
  const crashes: Crashes = { sender: emptySenderLog(), kills: 0, points: 0, bySteps: new Map() }
  const scripts = new Map<string, (nth: number) => Fault | null>()
  vendors.script((vendor, address, nth) => scripts.get(address)?.(nth) ?? mishap(seed, vendor, address, nth))
  // The next process loads while the current one works.
  const ready = Array.from({ length: lanes }, () => site.fork())
  let lots = 0
  await Promise.all(
    ready.map(async (_, lane) => {
      while (crashes.points < points || lots < steps.length) {
        const number = lots++
        const nextChild = () => {
          const child = ready[lane]
          ready[lane] = site.fork()
          return child as (typeof ready)[number]
        }
        await workLot(options, crashes, { number, scripts, nextChild })
        progress(crashes.points, crashes.kills)
      }
    }),
  )
  for (const child of ready) child.kill('SIGKILL')
  return crashes
}

/** Injects faults into some calls as well. */
function mishap(seed: number, vendor: string, address: string, nth: number): Fault | null {
  if (vendor === 'vonage' || nth > 2) return null
  const draw = drawOf(seed, vendor, address, nth)
  const faults: [number, Fault][] = [
    [0.05, 'reset'],
    [0.07, 'cut'],
    [0.1, 'error'],
    [0.13, 'busy'],
    [0.15, 'throttled'],
  ]
  return faults.find(([below]) => draw < below)?.[1] ?? null
}

interface Lot {
  number: number
  /** The faults of the calls to each address. */
  scripts: Map<string, (nth: number) => Fault | null>
  nextChild: () => ReturnType<Site['fork']>
}

async function workLot(
  { database, vendors, witness, seed, points, breaks }: CrashOptions,
  crashes: Crashes,
  { number, scripts, nextChild }: Lot,
): Promise<void> {
  const random = randomOf(`${seed}/lot/${number}`)
  const prefix = `crash-${number}-`
  const events = eventsOf(prefix.slice(0, -1), lotSizeFor(points))
  const addresses = events.flatMap(({ email, phone }) => [email, phone])
  crashes.sender.posted.push(...events)
  const env = { ...settings, ...vendors.env, DATABASE_URL: database.url, EMAIL_PROVIDERS: 'resend', LOG_LEVEL: 'fatal' }
  const count = (step: Step, many: number) => {
    const before = crashes.bySteps.get(step) ?? { kills: 0, points: 0 }
    crashes.bySteps.set(step, { kills: before.kills + 1, points: before.points + many })
    crashes.kills++
    crashes.points += many
  }

  let aheadMs = 0
  for (const step of [...deathsOf(number, points, random), null]) {
    const child = nextChild()
    const gone = once(child, 'close')
    let kept = 0
    let timer: NodeJS.Timeout | undefined
    const keep = (): Fault => {
      kept++
      clearTimeout(timer)
      timer = setTimeout(() => child.kill('SIGKILL'), keptForMs)
      return 'kept'
    }
    for (const address of addresses) step === 'call taken' ? scripts.set(address, keep) : scripts.delete(address)
    vendors.setAhead(addresses, aheadMs)
    const order: LotOrder = {
      kind: 'lot',
      env,
      prefix,
      events: events.filter(({ id }) => !crashes.sender.acknowledged.has(id)).map(({ id, body }) => ({ id, body })),
      aheadMs,
      dies: step === 'call taken' ? null : step,
      breaks,
    }
    child.send(order)
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    lines.on('line', (line) => {
      const report = JSON.parse(line) as Report
      if (report.kind === 'acknowledged') {
        crashes.sender.acknowledged.add(report.id)
        witness.acknowledged(report.id)
      }
      if (report.kind === 'dies') count(report.step, report.points)
      if (report.kind !== 'clock') return
      aheadMs = report.aheadMs
      vendors.setAhead(addresses, aheadMs)
      child.send('clock moved')
    })
    const [code, signal] = await gone
    clearTimeout(timer)
    if (step === 'call taken' && signal === 'SIGKILL') count(step, kept)
    if (code !== 0 && signal !== 'SIGKILL') throw new Error(`a process of batch ${number} ended with ${signal ?? code}`)
    aheadMs += nextLifeAfterMs
  }
  for (const address of addresses) scripts.delete(address)
}

/** The first kill of each batch takes the steps in turn, after what the step requires; later kills are random. */
function deathsOf(number: number, points: number, random: Random): Step[] {
  const first = steps[number % steps.length] ?? 'open after'
  const others = Array.from({ length: points <= 500 ? 0 : random.between(1, 4) }, () => random.pick(steps))
  return [...(first.startsWith('look') ? (['call taken'] as const) : []), first, ...others]
}
