// A simulated fetcher of jobs, as pg-boss's: it polls, or goes on at once after a full batch or a NOTIFY.
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
}

/** Begins at a random moment of its interval. */
export function startFetcher({ clock, random, fetch, handle, complete }: FetcherOptions): { wake(): void } {
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
    wake() {
      isNotified = true
      if (isAsleep) round()
    },
  }
}
