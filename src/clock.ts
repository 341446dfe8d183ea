// The system clock, and pauses that keep long work from blocking the event loop.

export interface Clock {
  now(): Date
}

/** All other code reads `ctx.clock`, so that a test can set the time. */
export const systemClock: Clock = { now: () => new Date(Date.now()) }

/** How long work may hold the event loop before it yields. */
const turnMs = 10
/** When the work of this turn began; null until then. All work counts together, since it may run in the same turn. */
let turnSince: number | null = null
const waiting: (() => void)[] = []

/** Await it at every step of long work: once work has held this turn for `turnMs`, the rest waits, a turn for each caller. */
export async function yieldTurn(): Promise<void> {
  if (turnSince === null) {
    turnSince = performance.now()
    setImmediate(beginTurn)
  }
  if (performance.now() - turnSince >= turnMs) await new Promise<void>((resolve) => waiting.push(resolve))
}

function beginTurn(): void {
  const next = waiting.shift()
  turnSince = next ? performance.now() : null
  if (!next) return
  setImmediate(beginTurn)
  next()
}
