// The simulation of workers: it keeps every message, agrees with what theory says, and repeats itself.
import { expect, it } from 'vitest'
import { limitsOf } from '../../bench/fleet/limits.ts'
import { coresOf, gateOf, simulatedClock, threadOn, writeAheadLog } from '../../bench/fleet/machine.ts'
import { solve } from '../../bench/fleet/service-times.ts'
import { type Load, type Scenario, simulate } from '../../bench/fleet/simulation.ts'
import { kindsOf } from '../../bench/fleet/statements.ts'
import { program, type ServiceTimes } from '../../bench/fleet/times.ts'
import { randomOf } from '../../bench/prove/random.ts'

const times: ServiceTimes = {
  statement: 0.05,
  message: { fetch: 0.05, open: 0.2, close: 0.15 },
  worker: { statement: 0.05, message: 0.3 },
  standIn: 0.1,
  flush: 0.5,
  poll: { postgres: 0.1, warm: 0.05, worker: 0.1 },
  wake: 0.02,
  idle: { postgres: 8, worker: 10, statements: 60 },
}
const flow: Extract<Load, { kind: 'flow' }> = {
  ...{ kind: 'flow', perSecond: 500, idsPerJob: 5, notified: false },
  ...{ warmMs: 1000, forMs: 5000 },
}
const endless: Load = { kind: 'endless', warmMs: 500, forMs: 1500 }
const scenario = (changes: Partial<Scenario> = {}): Scenario => ({
  ...{ times, workers: 2, postgresCores: 4, latencyMs: 50, networkMs: 0.2, load: endless, seed: 7 },
  ...changes,
})

it.each([
  [1, 1],
  [997, 3],
  [3000, 20],
])('%i messages that are due at once each end once, with %i workers', (count, workers) => {
  const { due, ended } = simulate(scenario({ workers, load: { kind: 'texts', count } }))
  expect([due, ended]).toEqual([count, count])
})

it('one server with random arrivals waits as queueing theory says (M/D/1)', () => {
  const clock = simulatedClock()
  const cores = coresOf(clock, 1)
  const random = randomOf(3)
  const waits: number[] = []
  const [serviceMs, meanMs] = [0.8, 1]
  const arrive = () => {
    clock.after(-Math.log(1 - random.next()) * meanMs, () => {
      const at = clock.now()
      cores.use(serviceMs, () => waits.push(clock.now() - at - serviceMs))
      arrive()
    })
  }
  arrive()
  clock.run(300_000)
  const load = serviceMs / meanMs
  const expected = (load * serviceMs) / (2 * (1 - load))
  expect(waits.reduce((sum, ms) => sum + ms, 0) / waits.length / expected).toBeCloseTo(1, 1)
  expect(cores.usedMs() / 300_000).toBeCloseTo(load, 2)
})

it('keeps to Little’s law: as many wait as arrive in the time that one takes', () => {
  const result = simulate(scenario({ load: { ...flow, warmMs: 0, forMs: 20_000 } }))
  // The time is to the provider's answer, and the close follows it.
  const closeMs = program.statements.close.all * (times.statement + times.worker.statement + 0.2) + times.flush
  expect((result.perSecond * (result.meanMs + closeMs)) / 1000 / result.meanWaiting).toBeGreaterThan(0.9)
  expect((result.perSecond * (result.meanMs + closeMs)) / 1000 / result.meanWaiting).toBeLessThan(1.1)
})

it('takes in a steady flow all that arrives', () => {
  const { perSecond, p50Ms, p99Ms } = simulate(scenario({ load: { ...flow, forMs: 60_000 } }))
  expect(perSecond / flow.perSecond).toBeCloseTo(1, 1)
  expect(p50Ms).toBeGreaterThan(50)
  expect(p99Ms).toBeGreaterThan(p50Ms)
})

it('is never slower with more cores, and never faster than its cores', () => {
  const rates = [1, 2, 4, 8, 16].map((postgresCores) => simulate(scenario({ workers: 20, postgresCores })).perSecond)
  // Where cores are no longer the limit, a faster answer makes smaller batches, which cost a little more.
  for (const [i, rate] of rates.entries()) expect(rate).toBeGreaterThanOrEqual((rates[i - 1] ?? 0) * 0.97)
  const least = times.message.fetch + times.message.open + times.message.close
  expect(rates[0]).toBeLessThan(1000 / least)
  expect((rates[1] ?? 0) / (rates[0] ?? 0)).toBeGreaterThan(1.8)
})

it('commits that notify follow each other, one a flush, and others share a flush', () => {
  const clock = simulatedClock()
  const log = writeAheadLog(clock, 2)
  const lock = gateOf(clock, 1)
  let [notified, others] = [0, 0]
  for (let i = 0; i < 100; i++) {
    lock.enter(() =>
      log.flush(() => {
        lock.leave()
        notified++
      }),
    )
    log.flush(() => others++)
  }
  clock.run(21)
  expect(others).toBe(100)
  expect(notified).toBeLessThanOrEqual(10)
  const slow = { ...times, flush: 20, wake: 0, poll: { postgres: 0.01, warm: 0.01, worker: 0.01 } }
  const load = { ...flow, idsPerJob: 1, perSecond: 1000, notified: true, warmMs: 0, forMs: 5000 }
  const { notifies, full } = simulate(scenario({ times: slow, postgresCores: 64, load }))
  expect(notifies).toBeLessThanOrEqual(5000 / 20)
  expect(notifies).toBeGreaterThan((5000 / 20) * 0.45)
  expect(full.notify).toBeGreaterThan(0.95)
})

it('gives the same result for the same seed, and another for another', () => {
  expect(simulate(scenario({ load: flow }))).toEqual(simulate(scenario({ load: flow })))
  expect(simulate(scenario({ load: flow, seed: 8 }))).not.toEqual(simulate(scenario({ load: flow })))
})

it('a worker that waits for a provider has no more in its hands than it may, and more workers have more', () => {
  const load: Load = { kind: 'endless', warmMs: 4000, forMs: 16_000 }
  const slow = scenario({ workers: 1, latencyMs: 1000, postgresCores: 64, load })
  const { perSecond, full } = simulate(slow)
  // What was fetched together may be one batch of each fetcher more.
  const most = program.atWork + program.fetchers * program.jobsAtOnce * program.idsPerJob
  expect(perSecond).toBeLessThan(most)
  expect(full.hands * program.atWork).toBeLessThan(most)
  expect(simulate({ ...slow, workers: 10 }).perSecond / perSecond).toBeCloseTo(10, 0)
})

it('idle workers take their part of Postgres, and where that is all of it, little is delivered', () => {
  const waiting = { ...flow, perSecond: 0.001 }
  expect(simulate(scenario({ workers: 100, load: waiting })).full.postgres).toBeCloseTo(0.15, 2)
  const all = scenario({ workers: 500, postgresCores: 1 })
  const { perSecond, full } = simulate(all)
  expect(full.postgres).toBeGreaterThan(0.99)
  expect(perSecond).toBeLessThan(simulate({ ...all, workers: 10 }).perSecond / 2)
  expect(limitsOf({ full }, all)).toBe(
    'Postgres’s cores; idle workers take 400 % of Postgres’s cores; connections: 5,000 needed',
  )
})

it('a process has one thread, however many cores there are', () => {
  const clock = simulatedClock()
  const cores = coresOf(clock, 8, 0.5)
  const thread = threadOn(clock, cores)
  const ends: number[] = []
  for (let i = 0; i < 3; i++) thread.use(1, () => ends.push(clock.now()))
  clock.run(100)
  expect(ends).toEqual([2, 4, 6])
  expect(cores.usedMs()).toBe(3)
})

it('tells what a statement costs from what a message does', () => {
  const stretch = (messages: number, statements: number) => ({
    messages,
    statements,
    cpuMs: messages * 0.5 + statements * 0.2,
  })
  const { statement, message } = solve(stretch(1000, 500), stretch(400, 2000))
  expect([statement, message]).toEqual([expect.closeTo(0.2), expect.closeTo(0.5)])
})

it('the statements of a delivery belong to the step that makes them', () => {
  const statement = (text: string, totalMs: number, calls = 1) => ({ text, totalMs, calls, rows: 0, walBytes: 0 })
  const kinds = kindsOf([
    statement('update posthorn_jobs.job set state = $1', 10),
    statement('insert into attempts (id) select id', 30, 5),
    statement('with closed as (update attempts a set outcome) update notification_states n set state', 50, 7),
    statement('update notification_states n set state = m.state', 10),
    statement('select 1', 99),
  ])
  expect(kinds).toEqual({ opens: 5, closes: 7, share: { fetch: 0.1, open: 0.4, close: 0.5 } })
})
