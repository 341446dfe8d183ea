// A simulated fetcher of jobs, as pg-boss's: it polls, or goes on at once after a full batch or when it is woken.
import type { Random } from '../prove/random.ts'
import type { SimulatedClock } from './machine.ts'
import { program } from './times.ts'

export interface Message {
  dueAt: number
}

/** How many jobs were found, and the messages that they name. */
export interface Found {
  jobs: number
  messages: Message[]
}

interface FetcherOptions {
  clock: SimulatedClock
  random: Random
  fetch(then: (found: Found) => void): void
  /** Does them, and goes on when more may be fetched. */
  handle(messages: Message[], then: () => void): void
  /** Reports them to the queue as done. */
  complete(then: () => void): void
  /** Called where it has found as many as it takes. */
  isFull?(): void
}

interface Fetcher {
  isAsleep(): boolean
  /** It fetches at once, or when its batch has ended. */
  wake(): void
}

/** As src/store/jobs/fetchers.ts: one is woken for a NOTIFY, and another where that one has found a full batch. */
export function startFetchers(count: number, options: FetcherOptions): { wake(): void; wakeAll(): void } {
  const nextAsleep = () => all.find((one) => one.isAsleep())
  const all: Fetcher[] = Array.from({ length: count }, () =>
    startFetcher({ ...options, isFull: () => nextAsleep()?.wake() }),
  )
  const wakeAll = () => {
    for (const one of all) one.wake()
  }
  return {
    wake() {
      const asleep = nextAsleep()
      if (asleep) asleep.wake()
      else wakeAll()
    },
    wakeAll,
  }
}

/** Begins at a random moment of its interval. */
export function startFetcher({ clock, random, fetch, handle, complete, isFull }: FetcherOptions): Fetcher {
  const { pollMs } = program
  let isNotified = false
  let isAsleep = false
  let sleeps = 0
  const round = () => {
    const began = clock.now()
    isAsleep = false
    isNotified = false
    fetch(({ jobs, messages }) => {
      if (jobs === 0) return pause(began, pollMs)
      if (jobs === program.jobsAtOnce) isFull?.()
      handle(messages, () => complete(() => pause(began, jobs === program.jobsAtOnce ? 0 : pollMs)))
    })
  }
  /** The interval counts from the beginning of the round, and a short rest of it is not waited for. */
  const pause = (began: number, interval: number) => {
    const restMs = interval - (clock.now() - began)
    if (isNotified || restMs <= program.shortPauseMs) return round()
    sleep(restMs)
  }
  const sleep = (ms: number) => {
    const own = ++sleeps
    isAsleep = true
    clock.after(ms, () => {
      if (isAsleep && own === sleeps) round()
    })
  }
  sleep(random.next() * pollMs)
  return {
    isAsleep: () => isAsleep,
    wake() {
      isNotified = true
      if (isAsleep) round()
    },
  }
}
