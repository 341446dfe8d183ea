// Many workers on one Postgres: measures what one costs, simulates more of them with those service times, and says what limits
// them. The simulation is first compared with what one and two workers did here.
import os from 'node:os'
import { type CaseResult, type ContenderResult, figuresOf, type Measure, measure, median, ratioOf } from '../figures.ts'
import { type Delivered, type Idle, measureIdle, measureTexts } from '../fleet/measure.ts'
import { measureFlush } from '../fleet/polls.ts'
import { costLines, fleetLines, notifyLines } from '../fleet/report.ts'
import { medianTimes, ofMany, serviceTimesOf } from '../fleet/service-times.ts'
import { simulate } from '../fleet/simulation.ts'
import { program, type ServiceTimes } from '../fleet/times.ts'
import { type Options, sized } from '../options.ts'

const latencyMs = 150
interface Shape {
  workers: number
  latencyMs: number
}

const firstShape: Shape = { workers: 1, latencyMs: 0 }
const shapes: Shape[] = [firstShape, { workers: 1, latencyMs }, { workers: 2, latencyMs: 0 }, { workers: 2, latencyMs }]
/** A simulation that is further off than this says so. */
const tolerated = 0.3
const seed = 1

interface Run {
  measured: Delivered
  simulated: number
}

export async function fleet(options: Options): Promise<CaseResult> {
  const count = sized(options, { quick: 1500, usual: 3000 })
  const rounds = Math.min(options.rounds, sized(options, { quick: 1, usual: 3 }))
  const cores = os.availableParallelism()
  const flush = await measureFlush(options, sized(options, { quick: 300, usual: 1000 }))
  const idle = await measureIdle(options, sized(options, { quick: 8000, usual: 20_000 }))
  const runs = new Map<Shape, Run[]>(shapes.map((shape) => [shape, []]))
  const allTimes: ServiceTimes[] = []
  for (let round = 0; round < rounds; round++) {
    const small = await measureTexts(options, { ...firstShape, count: 400, step: { everyMs: 60, count: 2 }, cores })
    let times: ServiceTimes | null = null
    for (const shape of shapes) {
      const measured = await measureTexts(options, { ...shape, count, cores })
      // The first shape's run is what the service times of this round are of.
      times ??= serviceTimesOf(measured, small, idle, flush)
      const simulated = asMeasured(times, shape, measured, cores)
      runs.get(shape)?.push({ measured, simulated })
      const { perSecond } = measured
      options.report(
        `round ${round + 1} of ${rounds}, ${nameOf(shape)}: ${perSecond.toFixed(0)}/s, simulated ${simulated.toFixed(0)}/s`,
      )
    }
    if (times) allTimes.push(times)
  }
  const contenders = [...runs].flatMap(([shape, all]) => contendersOf(shape, all))
  contenders.push({ name: 'one more idle worker', kind: 'ours', figures: figuresOf([figuresOfIdle(idle, flush)]) })
  const ratios = shapes.flatMap((shape) => ratioOf(contenders, [modelOf(shape), nameOf(shape)], 'messages') ?? [])
  const times = medianTimes(allTimes)
  const medianOf = (of: (measured: Delivered) => number) =>
    median((runs.get(firstShape) ?? []).map(({ measured }) => of(measured)))
  const given = { times: ofMany(times), latencyMs, seed }
  return {
    name: 'fleet',
    conditions: `${count} texts due at one moment, delivered by one worker and by two, by providers that answer at once or after ${latencyMs} ms, with everything on ${cores} cores; then simulated, with these service times, for more workers and a larger Postgres.`,
    contenders,
    ratios,
    skipped: [],
    lines: [
      ...ratios
        .filter((ratio) => !(Math.abs(ratio.median - 1) <= tolerated))
        .map(
          ({ name, median: off }) =>
            `OFF BY MORE THAN ${tolerated * 100} %: ${name}: ${off.toFixed(2)} x what was measured.`,
        ),
      ...costLines(ofMany(times), {
        postgresMs: medianOf((one) => one.cost.postgresMs / one.count),
        workerMs: medianOf((one) => one.workersMs / one.count),
        walBytes: medianOf((one) => one.cost.walBytes / one.count),
        backendMiB: medianOf((one) => one.backendMiB),
      }),
      ...fleetLines({ ...given, isShort: options.size === 'quick', report: options.report }),
      ...notifyLines(given),
    ],
  }
}

function contendersOf(shape: Shape, runs: Run[]): ContenderResult[] {
  const figures = figuresOf(runs.map(({ measured }) => figuresOfRun(measured, shape.workers)))
  const simulated = figuresOf(runs.map((run) => [measure('messages', '/s', run.simulated)]))
  return [
    { name: nameOf(shape), kind: 'ours', figures },
    { name: modelOf(shape), kind: 'model', figures: simulated },
  ]
}

const modelOf = (shape: Shape) => `${nameOf(shape)}, simulated`
const nameOf = ({ workers, latencyMs: ms }: Shape) => `${workers === 1 ? 'one worker' : 'two workers'}, ${ms} ms`

/** Simulates what was measured: all processes share this machine's cores, and others take some of them. */
function asMeasured(times: ServiceTimes, shape: Shape, { count, speed }: Delivered, cores: number): number {
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
    measure('CPU of Postgres a poll, one after the other', 'ms', idle.warmPollMs),
    measure('a flush of the log', 'ms', flush),
  ]
}
