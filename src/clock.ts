// The one reader of the system's time, and pauses that long work makes for the others of this process.
import { setImmediate } from 'node:timers/promises'

export interface Clock {
  now(): Date
}

/** Everything else takes `ctx.clock`, so that a test can move it. */
export const systemClock: Clock = { now: () => new Date(Date.now()) }

/** How long the event loop may be held before others have their turn. */
const turnMs = 10

/** To be awaited at every step of long work: pauses once the work has held the event loop for a while. */
export function turnTaker(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < turnMs) return
    await setImmediate()
    since = performance.now()
  }
}
