// The options of the chaos kit.
import { argumentsOf, type Ended, wrong } from '../arguments.ts'

const usage = `npm run prove -- [options]

Injects faults into a service under load, kills processes at every step, accounts for each event, and recovers the database
from prefixes of its write-ahead log. Exits 1 where a guarantee was broken.

  --short             two to four minutes
  --crashes <number>  at how many points processes are killed (1500, short 150)
  --prefixes <number> how often the power is lost (200, short 4)
  --seed <number>     repeats an earlier run's random choices
  --only <parts>      crashes, service, or both, comma separated (both)
  --scenario <names>  of the service alone: SCENARIOS
  --break <what>      fence or flush: checks that this fault is detected
  -h, --help          prints this`

const parts = ['crashes', 'service']
const breakable = ['fence', 'flush']

export interface ProveOptions {
  short: boolean
  crashes: number
  prefixes: number
  /** Null for one of the clock. */
  seed: number | null
  parts: string[]
  scenarios: string[] | null
  breaks: string | null
}

/** `scenarios`: the names of those that there are. */
export function proveOptions(args: string[], scenarios: string[]): { options: ProveOptions } | { ended: Ended } {
  const read = argumentsOf(usage.replace('SCENARIOS', scenarios.join(', ')), {
    args,
    options: {
      short: { type: 'boolean', default: false },
      crashes: { type: 'string' },
      prefixes: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string', default: parts.join() },
      scenario: { type: 'string' },
      break: { type: 'string' },
    },
  })
  if ('ended' in read) return read
  const { short, crashes, prefixes, seed, only, scenario, break: breaks } = read.given.values
  const numbers = { crashes, prefixes, seed }
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined && !/^\d{1,12}$/.test(value))
      return { ended: wrong(`--${name} takes a whole number, not '${value}'.`) }
  const named = { only: only.split(','), scenario: scenario?.split(','), break: breaks === undefined ? [] : [breaks] }
  const known = { only: parts, scenario: scenarios, break: breakable }
  for (const name of ['only', 'scenario', 'break'] as const) {
    const unknown = named[name]?.find((one) => !known[name].includes(one))
    if (unknown !== undefined) return { ended: wrong(`--${name} takes ${known[name].join(', ')}, not '${unknown}'.`) }
  }
  return {
    options: {
      short,
      crashes: Number(crashes ?? (short ? 150 : 1500)),
      prefixes: Number(prefixes ?? (short ? 4 : 200)),
      seed: seed === undefined ? null : Number(seed),
      parts: breaks === undefined ? named.only : ['crashes'],
      scenarios: named.scenario ?? null,
      breaks: breaks ?? null,
    },
  }
}
