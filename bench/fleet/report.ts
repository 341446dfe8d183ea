// Says what was simulated: a table of workers and cores, what a NOTIFY costs, and the costs of a million messages.
import { connectionsOf, limitsOf } from './limits.ts'
import { notifyMs } from './service-times.ts'
import { type Scenario, type Simulated, simulate } from './simulation.ts'
import { allFetchers, program, type ServiceTimes } from './times.ts'

const workers = [1, 10, 100, 1000]
const postgresCores = [2, 8, 32]
/** Between machines of one data centre. */
const networkMs = 0.2
/** A flush on a disk of a cloud. */
const slowFlushMs = 1
/** How full the flow is at which waiting times are simulated. */
const flowShare = 0.7

interface Fleets {
  times: ServiceTimes
  latencyMs: number
  seed: number
  isShort: boolean
  report(text: string): void
}

export function fleetLines({ isShort, report, ...given }: Fleets): string[] {
  const slow = { ...given, times: { ...given.times, flush: slowFlushMs } }
  const rows = [
    ...postgresCores.flatMap((cores) => workers.map((count) => ({ ...given, cores, count }))),
    ...workers.map((count) => ({ ...slow, cores: 8, count })),
  ]
  return [
    `Simulated: the provider answers in ${given.latencyMs} ms, a statement travels ${networkMs} ms, each worker has a core; p99 at ${flowShare * 100} % of that rate, jobs of ${program.idsPerJob} found when they are due.`,
    `| workers | cores of Postgres | flush | messages/s | Postgres | log | provider’s row | workers | p99 from due | connections | limit |`,
    `| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |`,
    ...rows.map(({ cores, count, times, latencyMs, seed }) => {
      report(`simulating ${count} workers and ${cores} cores`)
      const scenario = { times, latencyMs, seed, workers: count, postgresCores: cores, networkMs }
      const { most, flow } = ratesOf(scenario, isShort)
      return `| ${[
        count.toLocaleString('en-US'),
        cores,
        `${times.flush.toFixed(2)} ms`,
        Math.round(most.perSecond).toLocaleString('en-US'),
        ...[most.full.postgres, most.full.log, most.full.provider, most.full.workers].map(percent),
        flow ? duration(flow.p99Ms) : '-',
        connectionsOf(count).toLocaleString('en-US'),
        limitsOf(most, scenario),
      ].join(' | ')} |`
    }),
  ]
}

function ratesOf(scenario: Omit<Scenario, 'load'>, isShort: boolean): { most: Simulated; flow: Simulated | null } {
  const stretch = { warmMs: 1500, forMs: isShort ? 2000 : 5000 }
  const most = simulate({ ...scenario, load: { kind: 'endless', ...stretch } })
  if (most.perSecond < 1) return { most, flow: null }
  const { idsPerJob } = program
  const perSecond = most.perSecond * flowShare
  const flow = simulate({ ...scenario, load: { kind: 'flow', perSecond, idsPerJob, notified: false, ...stretch } })
  return { most, flow }
}

const notifiedPerSecond = 50

/** What it costs that every NOTIFY wakes all workers. */
export function notifyLines({ times, latencyMs, seed }: Pick<Fleets, 'times' | 'latencyMs' | 'seed'>): string[] {
  return [
    `A NOTIFY wakes every worker that listens, and one of its idle fetchers of that queue asks. ${notifiedPerSecond} single texts a second, each with a NOTIFY, 8 cores:`,
    `| workers | a NOTIFY costs Postgres | Postgres | p99 from due | commits that notify, by the lock at most |`,
    `| ---: | ---: | ---: | ---: | ---: |`,
    ...workers.map((count) => {
      const { full, p99Ms } = simulate({
        ...{ times, latencyMs, seed, networkMs },
        ...{ workers: count, postgresCores: 8 },
        load: { kind: 'flow', perSecond: notifiedPerSecond, idsPerJob: 1, notified: true, warmMs: 1500, forMs: 4000 },
      })
      const most = Math.round(1000 / times.flush)
      return `| ${count.toLocaleString('en-US')} | ${notifyMs(times, count).toFixed(1)} ms | ${percent(full.postgres)} | ${duration(p99Ms)} | ${most.toLocaleString('en-US')}/s |`
    }),
  ]
}

/** Of a message in large batches; and of a backend. */
interface Each {
  postgresMs: number
  workerMs: number
  walBytes: number
  backendMiB: number
}

export function costLines(times: ServiceTimes, { postgresMs, workerMs, walBytes, backendMiB }: Each): string[] {
  const { statement, message, worker, poll, wake, idle } = times
  const polls = (allFetchers * 1000) / program.pollMs + 1000 / program.dueMs
  const ms = (value: number) => `${value.toFixed(3)} ms`
  const seconds = (each: number) => `${Math.round(each * 1000).toLocaleString('en-US')} CPU seconds`
  return [
    `Service times: Postgres ${ms(statement)} a statement and ${ms(message.fetch + message.open + message.close)} a message (fetch ${ms(message.fetch)}, open ${ms(message.open)}, close ${ms(message.close)}); a worker ${ms(worker.statement)} and ${ms(worker.message)}; an empty poll ${ms(poll.postgres)}, one after the other; to wake a listener ${ms(wake)}.`,
    `A million texts: ${seconds(postgresMs)} of Postgres, ${seconds(workerMs)} of workers, ${(walBytes / 1000).toFixed(1)} GB of WAL. At 1,000/s that is ${postgresMs.toFixed(1)} and ${workerMs.toFixed(1)} cores.`,
    `Many idle workers, each: ${idle.statements.toFixed(0)} statements and ${(idle.postgres / 10).toFixed(2)} % of a core of Postgres; 1,000 of them ${idle.postgres.toFixed(1)} cores. ${polls.toFixed(0)} of the statements look for jobs.`,
    `Backends: ${backendMiB.toFixed(1)} MiB of its own each, ${(backendMiB * program.pools.all).toFixed(0)} MiB a worker, ${((backendMiB * connectionsOf(1000)) / 1024).toFixed(0)} GiB for 1,000 workers.`,
  ]
}

const percent = (part: number) => `${Math.round(part * 100)} %`
const duration = (ms: number) =>
  Number.isNaN(ms) ? '-' : ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`
