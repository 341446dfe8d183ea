// A simulation of workers on one Postgres: discrete events, repeatable by its seed. What it leaves out is in docs/scaling.md.
import { percentile } from '../figures.ts'
import { randomOf } from '../prove/random.ts'
import type { Message } from './fetcher.ts'
import { type Cores, coresOf, gateOf, queueOf, simulatedClock, writeAheadLog } from './machine.ts'
import { program, type ServiceTimes } from './times.ts'
import { startWorker, type World } from './worker.ts'

export interface Scenario {
  times: ServiceTimes
  workers: number
  /** Cores of Postgres; each worker has one of its own. */
  postgresCores: number
  /** Instead: cores that Postgres, workers and stand-ins share, and the part of each that is there for them. */
  shared?: { cores: number; speed: number }
  /** How long a provider takes, and a statement's way over the network. */
  latencyMs: number
  networkMs: number
  load: Load
  seed: number
}

/**
 * `texts`: so many are due at once, and the run ends with the last. `endless`: there are always more due. `flow`: jobs become due
 * at random times. `notified`: each is enqueued by a commit that notifies; otherwise it was enqueued before and is found by a poll.
 */
export type Load =
  | { kind: 'texts'; count: number }
  | { kind: 'endless'; warmMs: number; forMs: number }
  | { kind: 'flow'; perSecond: number; idsPerJob: number; notified: boolean; warmMs: number; forMs: number }

export interface Simulated {
  /** Messages a second: from the first request to the last closed attempt, or as closed after the warm-up. */
  perSecond: number
  due: number
  ended: number
  /** From due to the provider's answer, of those that were due after the warm-up; not a number where all are due at once. */
  p50Ms: number
  p99Ms: number
  meanMs: number
  /** How many were due and not closed, on average. */
  meanWaiting: number
  /** Parts of the time: of Postgres's cores, the log, the provider's row, the notify lock, workers, hands. */
  full: { postgres: number; log: number; provider: number; notify: number; workers: number; hands: number }
  statements: number
  commits: number
  notifies: number
  /** Messages a transaction. */
  group: number
}

/** The part of Postgres's cores that workers take which only wait. */
export function idleShare({ times: { idle }, workers, postgresCores }: Idle): number {
  return (workers * idle.postgres) / 1000 / postgresCores
}

type Idle = Pick<Scenario, 'times' | 'workers' | 'postgresCores'>

export function simulate(scenario: Scenario): Simulated {
  const { times, workers, postgresCores, shared, load } = scenario
  const clock = simulatedClock()
  const random = randomOf(scenario.seed)
  const cores = shared?.cores ?? postgresCores
  const postgres = coresOf(clock, cores, shared?.speed)
  const log = writeAheadLog(clock, times.flush)
  const notifyLock = gateOf(clock, 1)
  const due = queueOf<Message[]>()
  const found: number[] = []
  const { warmMs, forMs } = load.kind === 'texts' ? { warmMs: 0, forMs: 3_600_000 } : load
  const counts = {
    due: 0,
    ended: 0,
    endedWarm: 0,
    statements: 0,
    commits: 0,
    groups: 0,
    notifies: 0,
    firstCall: -1,
    lastEnd: 0,
  }
  const waiting = { area: 0, since: 0, now: 0 }
  const addWaiting = (by: number) => {
    waiting.area += waiting.now * (clock.now() - waiting.since)
    waiting.since = clock.now()
    waiting.now += by
  }
  const makeDue = (size: number) => {
    addWaiting(size)
    counts.due += size
    due.push(Array.from({ length: size }, () => ({ dueAt: clock.now() })))
  }
  const world: World = {
    ...{ times, clock, postgres, log, random, counts },
    providerRow: gateOf(clock, 1),
    latencyMs: scenario.latencyMs,
    networkMs: scenario.networkMs,
    coresOfWorker: (): Cores => (shared ? postgres : coresOf(clock, 1)),
    standIn: shared ? postgres : null,
    isDue: () => load.kind === 'endless' || due.size() > 0,
    take(jobs) {
      if (load.kind === 'endless') for (let i = 0; i < jobs; i++) makeDue(program.idsPerJob)
      const taken: Message[] = []
      for (let i = 0; i < jobs; i++) {
        const job = due.take()
        if (!job) return { jobs: i, messages: taken }
        taken.push(...job)
      }
      return { jobs, messages: taken }
    },
    answered({ dueAt }) {
      if (dueAt >= warmMs) found.push(clock.now() - dueAt)
    },
    ended(messages) {
      addWaiting(-messages.length)
      counts.ended += messages.length
      counts.lastEnd = clock.now()
      if (clock.now() >= warmMs) counts.endedWarm += messages.length
    },
  }
  const fleet = Array.from({ length: workers }, () => startWorker(world))
  begin()
  const atWarm = { postgres: 0, log: 0, provider: 0, notify: 0, workers: 0, hands: 0 }
  const usesNow = () => ({
    postgres: postgres.usedMs(),
    log: log.busyMs(),
    provider: world.providerRow.heldMs(),
    notify: notifyLock.heldMs(),
    workers: shared ? 0 : fleet.reduce((sum, one) => sum + one.usedMs(), 0) / workers,
    hands: fleet.reduce((sum, one) => sum + one.handsMs(), 0) / workers / program.atWork,
  })
  clock.run(warmMs)
  Object.assign(atWarm, usesNow())
  const isOver = load.kind === 'texts' ? () => counts.ended === load.count : undefined
  clock.run(warmMs + forMs, isOver)
  const took = clock.now() - warmMs
  const uses = usesNow()
  const part = (name: keyof typeof uses, of = 1) => (uses[name] - atWarm[name]) / took / of
  addWaiting(0)
  return {
    perSecond:
      load.kind === 'texts'
        ? (counts.ended * 1000) / (counts.lastEnd - counts.firstCall)
        : (counts.endedWarm * 1000) / took,
    due: counts.due,
    ended: counts.ended,
    p50Ms: load.kind === 'flow' ? percentile(found, 0.5) : Number.NaN,
    p99Ms: load.kind === 'flow' ? percentile(found, 0.99) : Number.NaN,
    meanMs: found.reduce((sum, ms) => sum + ms, 0) / found.length,
    meanWaiting: waiting.area / clock.now(),
    full: {
      postgres: part('postgres', cores),
      log: part('log'),
      provider: part('provider'),
      notify: part('notify'),
      workers: part('workers'),
      hands: part('hands'),
    },
    statements: counts.statements,
    commits: counts.commits,
    notifies: counts.notifies,
    group: counts.ended / Math.max(1, counts.groups),
  }

  function begin(): void {
    if (load.kind === 'texts')
      for (let left = load.count; left > 0; left -= program.idsPerJob) makeDue(Math.min(left, program.idsPerJob))
    if (load.kind === 'flow') next(load)
  }

  /** Poisson arrivals of jobs. */
  function next(flow: Extract<Load, { kind: 'flow' }>): void {
    const meanMs = (1000 * flow.idsPerJob) / flow.perSecond
    clock.after(-Math.log(1 - random.next()) * meanMs, () => {
      if (flow.notified) enqueue(flow.idsPerJob)
      else makeDue(flow.idsPerJob)
      next(flow)
    })
  }

  /** Postgres serializes commits that notify, from before the flush to its end, and then wakes every worker that listens. */
  function enqueue(size: number): void {
    postgres.use(program.statements.enqueue.all * times.statement + size * times.message.fetch, () =>
      notifyLock.enter(() =>
        log.flush(() => {
          notifyLock.leave()
          counts.notifies++
          counts.commits++
          makeDue(size)
          for (const one of fleet) postgres.use(times.wake, one.wake)
        }),
      ),
    )
  }
}
