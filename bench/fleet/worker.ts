// A simulated worker: its fetchers, hands and batches as src/store/jobs and src/deliver have them, on one thread.
import type { Random } from '../prove/random.ts'
import { batchesOf } from './batches.ts'
import { type Found, type Message, startFetcher, startFetchers } from './fetcher.ts'
import { handsOf } from './hands.ts'
import { type Cores, type Gate, gateOf, type SimulatedClock, threadOn, type WriteAheadLog } from './machine.ts'
import { program, type ServiceTimes } from './times.ts'

/** A message in the hands of a worker; `done` is called once its attempt is closed. */
interface InHand extends Message {
  done(): void
}

/** What all workers share. */
export interface World {
  times: ServiceTimes
  clock: SimulatedClock
  postgres: Cores
  log: WriteAheadLog
  random: Random
  /** The provider's row, which is locked to take tokens of its rate and to report its health. */
  providerRow: Gate
  latencyMs: number
  networkMs: number
  coresOfWorker(): Cores
  /** Where the stand-in for the provider runs; null: elsewhere. */
  standIn: Cores | null
  counts: { statements: number; commits: number; groups: number; firstCall: number }
  isDue(): boolean
  /** The messages of at most so many due jobs. */
  take(jobs: number): Found
  answered(message: Message): void
  ended(messages: Message[]): void
}

const nothing = (): Found => ({ jobs: 0, messages: [] })

export interface SimulatedWorker {
  /** A NOTIFY arrived. */
  wake(): void
  usedMs(): number
  /** The sum of the times that messages were in its hands. */
  handsMs(): number
}

/** A third of a worker's CPU for a message is counted in each of its steps: before, during and after the call. */
const stepsOfWorker = 3

export function startWorker(world: World): SimulatedWorker {
  const { times, clock, postgres, log, counts } = world
  const cores = world.coresOfWorker()
  const thread = threadOn(clock, cores)
  const pools = { rows: gateOf(clock, program.pools.rows), jobs: gateOf(clock, program.pools.jobs) }
  const perStep = times.worker.message / stepsOfWorker
  let hasNews = false
  const hands = handsOf(clock, program.atWork)

  /** One statement after the other: each waits for the thread and for a core of Postgres. */
  function run(count: number, cpu: { worker: number; postgres: number }, then: () => void): void {
    counts.statements++
    const next = () => (count > 1 ? run(count - 1, cpu, then) : then())
    thread.use(times.worker.statement + cpu.worker, () =>
      clock.after(world.networkMs, () => postgres.use(times.statement + cpu.postgres, next)),
    )
  }

  /** A transaction, to the end of its commit; `cpu` is what its messages cost. */
  function commit(
    pool: Gate,
    { all, locked }: { all: number; locked: number },
    cpu: { worker: number; postgres: number },
    then: () => void,
  ): void {
    counts.commits++
    const each = { worker: cpu.worker / all, postgres: cpu.postgres / all }
    const end = () =>
      log.flush(() => {
        if (locked > 0) world.providerRow.leave()
        pool.leave()
        then()
      })
    pool.enter(() =>
      run(all - locked, each, () => {
        if (locked === 0) end()
        else world.providerRow.enter(() => run(locked, each, end))
      }),
    )
  }

  const { statements, pollMs, dueMs } = program
  const close = batchesOf<InHand>(program.batch, (items, then) => {
    counts.groups++
    const cpu = { worker: items.length * perStep, postgres: items.length * times.message.close }
    commit(pools.rows, statements.close, cpu, () => {
      world.ended(items)
      for (const one of items) one.done()
      then()
    })
  })
  const call = (one: InHand) => {
    hasNews = true
    thread.use(perStep, () => {
      if (counts.firstCall < 0) counts.firstCall = clock.now()
      const answer = () =>
        clock.after(world.latencyMs, () => {
          world.answered(one)
          close([one])
        })
      if (world.standIn) world.standIn.use(times.standIn, answer)
      else answer()
    })
  }
  const open = batchesOf<InHand>(program.batch, (items, then) => {
    const cpu = { worker: items.length * perStep, postgres: items.length * times.message.open }
    commit(pools.rows, statements.open, cpu, () => {
      for (const one of items) call(one)
      then()
    })
  })

  /** Answers how many jobs it found, and their messages. */
  function fetch(take: World['take'], then: (found: Found) => void): void {
    counts.statements += statements.fetch
    pools.jobs.enter(() =>
      thread.use(times.poll.worker, () =>
        clock.after(world.networkMs, () => {
          const found = take(program.jobsAtOnce)
          const { length } = found.messages
          const cpu = length > 0 ? times.statement + length * times.message.fetch : times.poll.postgres
          postgres.use(cpu, () => {
            const end = () => {
              pools.jobs.leave()
              then(found)
            }
            if (length === 0) return end()
            counts.commits++
            log.flush(end)
          })
        }),
      ),
    )
  }

  /** Goes on once all are closed or the grace is over, and a hand is free. */
  function handle(messages: Message[], then: () => void): void {
    let left = messages.length
    let isOver = false
    const next = () => {
      if (isOver) return
      isOver = true
      hands.whenFree(then)
    }
    hands.add(left)
    open(
      messages.map(({ dueAt }) => ({
        dueAt,
        done() {
          hands.add(-1)
          if (--left === 0) next()
        },
      })),
    )
    clock.after(program.graceMs, next)
  }

  const doing = (take: World['take']) => ({
    ...{ clock, random: world.random, handle },
    fetch: (then: (found: Found) => void) => fetch(take, then),
    complete: (then: () => void) =>
      commit(pools.jobs, { all: statements.complete, locked: 0 }, { worker: 0, postgres: 0 }, then),
  })
  const { wake, wakeAll } = startFetchers(program.fetchers, doing(world.take))
  const look = () =>
    fetch(nothing, () => {
      if (world.isDue()) wakeAll()
      clock.after(dueMs, look)
    })
  clock.after(world.random.next() * dueMs, look)
  // The other queues, where nothing is due, and what else a worker asks at rest, as often as was measured.
  const others = Math.round((times.idle.statements * pollMs) / 1000 - pollMs / dueMs) - program.fetchers
  for (let i = 0; i < others; i++) startFetcher(doing(nothing))

  const report = () => {
    if (!hasNews) return void clock.after(program.reportMs, report)
    hasNews = false
    commit(pools.rows, statements.report, { worker: 0, postgres: 0 }, () => clock.after(program.reportMs, report))
  }
  clock.after(world.random.next() * program.reportMs, report)

  return {
    wake,
    usedMs: cores.usedMs,
    handsMs: hands.heldMs,
  }
}
