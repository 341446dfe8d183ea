// The system clock, and pauses that keep long work from blocking the event loop.

export interface Clock {
  now(): Date
}

/** All other code reads `ctx.clock`, so that a test can set the time. */
export const systemClock: Clock = { now: () => new Date(Date.now()) }

/** How long work may hold the event loop before it yields. */
const turnMs = 10

/** Long works that have yielded, in the order in which they go on. */
const waiting: (() => void)[] = []

export type YieldTurn = () => Promise<void>

/**
 * Await the result at every step of long work: it yields to the event loop once the work has held it for `turnMs`. Works that
 * are on at the same time go on in different turns, so that together they hold it no longer than one.
 */
export function eventLoopYielder(): YieldTurn {
  let since = performance.now()
  let isItsTurn = false
  return async () => {
    const mayGoOn = isItsTurn || waiting.length === 0
    if (mayGoOn && performance.now() - since < turnMs) return
    await ownTurn()
    since = performance.now()
    isItsTurn = true
  }
}

function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(next)
  })
}

function next(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(next)
}
