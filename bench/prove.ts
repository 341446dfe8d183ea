// The chaos kit: npm run prove, with --short for a run of two to four minutes, --crashes 10000 for a long one,
// --seed to have the draws of an earlier run again, and --break fence to see the ledger find what it is there to find.
// A service under load is hurt in every way we know (prove/scenarios.ts), and processes are killed at every step of
// their work (prove/crash-points.ts); the ledger says what became of each event. Exit 1 where a promise was broken.
import { parseArgs } from 'node:util'
import { systemClock } from '../src/clock.ts'
import { type Crashes, crash } from './prove/crash-points.ts'
import { eventually, startFleet } from './prove/fleet.ts'
import { type Ledger, ledgerOf, table, total } from './prove/ledger.ts'
import { steps } from './prove/orders.ts'
import { playAll, scenarios, unsettled } from './prove/scenarios.ts'
import { openSite, type Site } from './prove/site.ts'
import { startVendors } from './prove/vendors.ts'

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    crashes: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', default: 'crashes,service' },
    scenario: { type: 'string' },
    break: { type: 'string' },
  },
})
if (values.break && values.break !== 'fence') throw new Error(`only the fence can be broken, not "${values.break}"`)
const { short } = values
const breaks = values.break === 'fence' ? ('fence' as const) : null
const seed = values.seed ? Number(values.seed) : Math.floor(systemClock.now().getTime() / 1000)
const crashPoints = Number(values.crashes ?? (short ? 150 : 1500))
/** How long what is in doubt after the last fault is waited for: a text that nobody took is known as such after 125 s. */
const settlesWithinMs = short ? 150_000 : 240_000
const startedAt = performance.now()
const seconds = () => `${Math.round((performance.now() - startedAt) / 1000)} s`.padStart(6)
const tell = (line: string) => console.log(`${seconds()}  ${line}`)

console.log(
  `Seed ${seed}${breaks ? `, the ${breaks} broken on purpose` : ''}: npm run prove --${short ? ' --short' : ''} --seed ${seed}`,
)
const site = await openSite()
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    stopping = true
    await site.close()
    process.exit(130)
  })
try {
  const parts = breaks ? ['crashes'] : values.only.split(',')
  const ledgers: Ledger[] = []
  const service = parts.includes('service') ? await playService(site) : null
  if (parts.includes('crashes')) ledgers.push(await crashAll(site))
  if (service) ledgers.unshift(...(await service()))
  const all = total(ledgers)
  console.log(`\n${table([...ledgers, all])}\n`)
  for (const { name, faults } of ledgers) console.log(`${name}: ${faults}`)
  const states = Object.entries(all.notifications).map(([state, count]) => `${count} ${state}`)
  console.log(`\nMessages: ${states.join(', ')}`)
  for (const line of all.broken) console.log(`BROKEN: ${line}`)
  console.log(
    all.broken.length === 0
      ? `Every promise held. Seed ${seed}, ${seconds().trim()}.`
      : `Promises were broken. Seed ${seed}, ${seconds().trim()}.`,
  )
  process.exitCode = all.broken.length === 0 ? 0 : 1
} catch (error) {
  // After Ctrl-C everything breaks, and that is nobody's fault: the signal's own work ends the process.
  if (stopping) await new Promise(() => {})
  throw error
} finally {
  await site.close()
}
process.exit()

/** Hurts a service, and answers how to get the ledgers: what is in doubt may settle while other things are tried. */
async function playService(site: Site): Promise<() => Promise<Ledger[]>> {
  const vendors = await startVendors()
  const fleet = await startFleet(site, vendors, short ? 2 : 3)
  tell('a service, ready to be hurt')
  const played = await playAll(fleet, { site, seed, short, only: values.scenario?.split(',') ?? null, tell })
  const until = performance.now() + settlesWithinMs
  return async () => {
    tell('waiting for what is in doubt')
    await eventually(until - performance.now(), async () => (await unsettled(fleet)) === 0)
    const ledgers: Ledger[] = []
    for (const { name, prefix } of scenarios) {
      const one = played.get(prefix)
      if (one) ledgers.push(await ledgerOf(fleet.database.db, vendors, one.told, { name, prefix, ...one.result }))
    }
    if (vendors.changedBodies() > 0) ledgers[0]?.broken.push('other bytes were sent under a key that was used before')
    ledgers[0]?.broken.push(...fleet.deaths())
    await vendors.close()
    return ledgers
  }
}

async function crashAll(site: Site): Promise<Ledger> {
  const vendors = await startVendors()
  const database = await site.database('crashes')
  tell(`${crashPoints} crash points`)
  let told = 0
  const crashes = await crash({
    site,
    database,
    vendors,
    seed,
    points: crashPoints,
    breaks,
    progress(points, kills) {
      if (points - told < 1000) return
      told = points
      tell(`${points} crash points in ${kills} kills`)
    },
  })
  const broken = vendors.changedBodies() > 0 ? ['other bytes were sent under a key that was used before'] : []
  const ledger = await ledgerOf(database.db, vendors, crashes.told, {
    name: 'crash points',
    prefix: 'crash',
    faults: shown(crashes),
    broken,
  })
  await vendors.close()
  return ledger
}

function shown({ points, kills, bySteps }: Crashes): string {
  const each = steps.map((step) => `${step} ${bySteps.get(step)?.points ?? 0} in ${bySteps.get(step)?.kills ?? 0}`)
  return `${points} in ${kills} real kill -9 (${each.join(', ')})`
}
