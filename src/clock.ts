// The one reader of the system's time. Everything else takes `ctx.clock`, so that a test can move it.

export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date(Date.now()) }
