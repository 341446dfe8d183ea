// Many workers on one Postgres: measures what one costs, simulates more of them with those service times, and says what limits
// them. The simulation is first compared with what one and two workers did here.
import os from 'node:os'
import { type CaseResult, type ContenderResult, figuresOf, type Measure, measure, ratioOf } from '../figures.ts'
import { type Delivered, type Idle, measureFlush, measureIdle, measureTexts } from '../fleet/measure.ts'
import { costLines, fleetLines, notifyLines } from '../fleet/report.ts'
import { serviceTimesOf } from '../fleet/service-times.ts'
import { simulate } from '../fleet/simulation.ts'
import { program, type ServiceTimes } from '../fleet/times.ts'
import { type Options, sized } from '../options.ts'

const latencyMs = 150
const shapes = [
  { workers: 1, latencyMs: 0 },
  { workers: 1, latencyMs },
  { workers: 2, latencyMs: 0 },
  { workers: 2, latencyMs },
]
/** A simulation that is further off than this says so. */
const tolerated = 0.3
const seed = 1

export async function fleet(options: Options): Promise<CaseResult> {
  const count = sized(options, { quick: 2000, usual: 6000 })
  const rounds = Math.min(options.rounds, sized(options, { quick: 1, usual: 3 }))
  const cores = os.availableParallelism()
  const flush = await measureFlush(options, sized(options, { quick: 300, usual: 1000 }))
  const idle = await measureIdle(options, sized(options, { quick: 8000, usual: 20_000 }))
  const steps = { everyMs: 60, count: 2 }
  const small = await measureTexts(options, { workers: 1, latencyMs: 0, count: 400, step: steps, cores })
  options.report(`${small.kinds.opens} transactions opened ${small.count} texts of small batches`)
  const contenders: ContenderResult[] = []
  const ratios: CaseResult['ratios'] = []
  const lines: string[] = []
  let times: ServiceTimes | null = null
  let first: Delivered | null = null
  for (const shape of shapes) {
    const runs: { measured: Delivered; figures: Measure[]; simulated: Measure[] }[] = []
    for (let round = 0; round < rounds; round++) {
      const measured = await measureTexts(options, { ...shape, count, cores })
      // The first shape's first run is what the service times are of.
      times ??= serviceTimesOf(measured, small, idle, flush)
      first ??= measured
      const simulated = asMeasured(times, shape, measured, cores)
      runs.push({
        measured,
        figures: figuresOfRun(measured, shape.workers),
        simulated: [measure('messages', '/s', simulated)],
      })
      options.report(`${nameOf(shape)}: ${measured.perSecond.toFixed(0)}/s, simulated ${simulated.toFixed(0)}/s`)
    }
    const [name, simulation] = [nameOf(shape), `${nameOf(shape)}, simulated`]
    contenders.push(
      { name, kind: 'ours', figures: figuresOf(runs.map(({ figures }) => figures)) },
      { name: simulation, kind: 'ceiling', figures: figuresOf(runs.map(({ simulated }) => simulated)) },
    )
    const ratio = ratioOf(contenders, [simulation, name], 'messages')
    if (!ratio) continue
    ratios.push(ratio)
    if (!(Math.abs(ratio.median - 1) <= tolerated))
      lines.push(
        `THE SIMULATION IS OFF by more than ${tolerated * 100} % for ${name}: ${ratio.median.toFixed(2)} x what was measured.`,
      )
  }
  if (!times || !first) throw new Error('nothing was measured')
  contenders.push({ name: 'one more idle worker', kind: 'ours', figures: figuresOf([figuresOfIdle(idle, flush)]) })
  return {
    name: 'fleet',
    conditions: `${count} texts due at one moment, delivered by one worker and by two, by providers that answer at once or after ${latencyMs} ms, with everything on ${cores} cores; then simulated, with these service times, for more workers and a larger Postgres.`,
    contenders,
    ratios,
    skipped: [],
    lines: [
      ...lines,
      ...costLines(times, first),
      ...fleetLines({ times, latencyMs, seed, isShort: options.size === 'quick', report: options.report }),
      ...notifyLines({ times, latencyMs, seed }),
    ],
  }
}

const nameOf = ({ workers, latencyMs: ms }: (typeof shapes)[number]) =>
  `${workers === 1 ? 'one worker' : 'two workers'}, ${ms} ms`

/** Simulates what was measured: all processes share this machine's cores, and others take some of them. */
function asMeasured(
  times: ServiceTimes,
  shape: (typeof shapes)[number],
  { count, speed }: Delivered,
  cores: number,
): number {
  const { perSecond } = simulate({
    ...{ times, ...shape, seed },
    postgresCores: cores,
    shared: { cores, speed },
    networkMs: 0,
    load: { kind: 'texts', count },
  })
  return perSecond
}

function figuresOfRun(measured: Delivered, workers: number): Measure[] {
  const { cost, count, kinds, perSecond, workersMs, standInMs, speed, backendMiB } = measured
  return [
    measure('messages', '/s', perSecond),
    measure('statements a message', '', cost.statements / count),
    measure('commits a message', '', cost.commits / count),
    measure('messages opened a commit', '', count / kinds.opens),
    measure('messages closed a commit', '', count / kinds.closes),
    measure('WAL a message', 'B', cost.walBytes / count),
    measure('CPU of Postgres a message', 'ms', cost.postgresMs / count),
    measure('CPU of the workers a message', 'ms', workersMs / count),
    measure('CPU of the stand-in a message', 'ms', standInMs / count),
    measure('cores left by others', '%', speed * 100),
    measure('own memory of a backend', 'MiB', backendMiB),
    measure('of all connections of the workers', 'MiB', backendMiB * workers * program.pools.all),
  ]
}

function figuresOfIdle(idle: Idle, flush: number): Measure[] {
  return [
    measure('statements', '/s', idle.statements),
    measure('CPU of Postgres a second', 'ms', idle.postgresMs),
    measure('CPU of the worker a second', 'ms', idle.workerMs),
    measure('connections', '', idle.connections),
    measure('statements a NOTIFY', '', idle.wakeStatements),
    measure('CPU of Postgres a NOTIFY', 'ms', idle.wakePostgresMs),
    measure('a flush of the log', 'ms', flush),
  ]
}
