// The chaos kit: `npm run prove`, with --short for two to four minutes, --crashes 10000 for a long run, --prefixes 200 to lose the
// power that often, --seed to repeat an earlier run's random choices, and --break fence or --break flush to check that a fault is
// detected. It injects faults into a service under load, kills processes at every step, and accounts for each event. Then it
// recovers the database from prefixes of its write-ahead log. Exits 1 where a guarantee was broken.
import { systemClock } from '../src/clock.ts'
import { endWith } from './arguments.ts'
import { proveOptions } from './prove/arguments.ts'
import { type Crashes, crash } from './prove/crash-points.ts'
import { eventually, startFleet } from './prove/fleet.ts'
import { type Ledger, ledgerOf, table, total } from './prove/ledger.ts'
import { steps } from './prove/orders.ts'
import { choosePrefixes, type Losses, loseThePower } from './prove/prefixes.ts'
import { randomOf } from './prove/random.ts'
import { playAll, scenarios, unsettled } from './prove/scenarios.ts'
import { openSite, type Site } from './prove/site.ts'
import { startVendors } from './prove/vendors.ts'
import { openWitness } from './prove/witness.ts'
import { keepLog, type WriteAheadLog } from './prove/write-ahead-log.ts'

const read = proveOptions(
  process.argv.slice(2),
  scenarios.map(({ prefix }) => prefix),
)
if ('ended' in read) endWith(read.ended)
const { options } = read
const { short, prefixes } = options
const breaks = options.breaks === 'fence' ? ('fence' as const) : null
const flushesLate = options.breaks === 'flush'
const seed = options.seed ?? Math.floor(systemClock.now().getTime() / 1000)
/** How long to wait for unconfirmed messages after the last fault: a text that was not accepted is settled after 125 s. */
const settlesWithinMs = short ? 150_000 : 240_000
const changedBytes = 'an idempotency key was reused with different bytes'
const startedAt = performance.now()
const seconds = () => `${Math.round((performance.now() - startedAt) / 1000)} s`.padStart(6)
const log = (line: string) => console.log(`${seconds()}  ${line}`)

console.log(
  `Seed ${seed}${options.breaks ? `, with the ${options.breaks} broken` : ''}: npm run prove --${short ? ' --short' : ''} --seed ${seed}`,
)
const site = await openSite()
const wal = prefixes > 0 ? await keepLog(site, { flushesLate }) : null
const witness = openWitness(wal)
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    stopping = true
    await wal?.close()
    await site.close()
    process.exit(130)
  })
try {
  const { parts } = options
  const ledgers: Ledger[] = []
  const service = parts.includes('service') ? await playService(site) : null
  if (parts.includes('crashes')) ledgers.push(await crashAll(site))
  if (service) ledgers.unshift(...(await service()))
  const all = total(ledgers)
  const losses = wal ? await loseAll(wal) : null
  if (losses) all.broken.push(...losses.broken)
  console.log(`\n${table([...ledgers, all])}\n`)
  for (const { name, faults } of ledgers) console.log(`${name}: ${faults}`)
  if (losses) console.log(shownLosses(losses))
  const states = Object.entries(all.notifications).map(([state, count]) => `${count} ${state}`)
  console.log(`\nMessages: ${states.join(', ')}`)
  for (const line of all.broken) console.log(`BROKEN: ${line}`)
  console.log(
    all.broken.length === 0
      ? `Every guarantee held. Seed ${seed}, ${seconds().trim()}.`
      : `Guarantees were broken. Seed ${seed}, ${seconds().trim()}.`,
  )
  process.exitCode = all.broken.length === 0 ? 0 : 1
} catch (error) {
  // After Ctrl-C failures are expected, and the signal's handler ends the process.
  if (stopping) await new Promise(() => {})
  throw error
} finally {
  await wal?.close()
  await site.close()
}
process.exit()

/** Plays the scenarios and answers a function for their ledgers: unconfirmed messages settle while other parts run. */
async function playService(site: Site): Promise<() => Promise<Ledger[]>> {
  const vendors = await startVendors(witness.called)
  const fleet = await startFleet(site, vendors, short ? 2 : 3)
  log('service ready')
  const played = await playAll(fleet, {
    site,
    witness,
    seed,
    short,
    only: options.scenarios,
    log: log,
  })
  const until = performance.now() + settlesWithinMs
  return async () => {
    log('waiting for unconfirmed messages')
    await eventually(until - performance.now(), async () => (await unsettled(fleet)) === 0)
    const ledgers: Ledger[] = []
    for (const { name, prefix } of scenarios) {
      const one = played.get(prefix)
      if (one) ledgers.push(await ledgerOf(fleet.database.db, vendors, one.sender, { name, prefix, ...one.result }))
    }
    if (vendors.changedBodies() > 0) ledgers[0]?.broken.push(changedBytes)
    ledgers[0]?.broken.push(...fleet.deaths())
    await vendors.close()
    return ledgers
  }
}

async function crashAll(site: Site): Promise<Ledger> {
  const vendors = await startVendors(witness.called)
  const database = await site.database('crashes')
  log(`${options.crashes} crash points`)
  let reported = 0
  const crashes = await crash({
    site,
    database,
    vendors,
    witness,
    seed,
    points: options.crashes,
    breaks,
    progress(points, kills) {
      if (points - reported < 1000) return
      reported = points
      log(`${points} crash points in ${kills} kills`)
    },
  })
  const broken = vendors.changedBodies() > 0 ? [changedBytes] : []
  const ledger = await ledgerOf(database.db, vendors, crashes.sender, {
    name: 'crash points',
    prefix: 'crash',
    faults: shown(crashes),
    broken,
  })
  await vendors.close()
  return ledger
}

async function loseAll(wal: WriteAheadLog): Promise<Losses> {
  const claims = await witness.claims()
  const positions = choosePrefixes(claims, prefixes, randomOf(`${seed}/power`))
  log(`losing the power ${positions.length} times`)
  return loseThePower(wal, claims, { databases: ['service', 'crashes'], prefixes: positions })
}

function shownLosses({ prefixes, first, last, megabytes, checked }: Losses): string {
  const { acknowledged, calls, unplanned, open } = checked
  return [
    `power lost: recovered from ${prefixes} prefixes of the write-ahead log, from ${first} to ${last} (${megabytes} MB)`,
    `where ${acknowledged} answers of 200 and ${calls} calls had to be recorded; ${unplanned} events waited for their plan, ${open} attempts were open`,
  ].join(', ')
}

function shown({ points, kills, bySteps }: Crashes): string {
  const each = steps.map((step) => `${step} ${bySteps.get(step)?.points ?? 0} in ${bySteps.get(step)?.kills ?? 0}`)
  return `${points} in ${kills} real kill -9 (${each.join(', ')})`
}
