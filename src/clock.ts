// The system clock, and pauses that keep long work from blocking the event loop.
import { setImmediate } from 'node:timers/promises'

export interface Clock {
  now(): Date
}

/** All other code reads `ctx.clock`, so that a test can set the time. */
export const systemClock: Clock = { now: () => new Date(Date.now()) }

/** How long work may hold the event loop before it yields. */
const turnMs = 10

/** Await the result at every step of long work: it yields to the event loop once the work has held it for `turnMs`. */
export function eventLoopYielder(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < turnMs) return
    await setImmediate()
    since = performance.now()
  }
}
