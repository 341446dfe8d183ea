// The parts of a simulated machine: a clock of events, cores, a thread, gates such as locks and pools, and a log whose flush
// takes all that wait for it.

export interface SimulatedClock {
  now(): number
  /** Does it after so many milliseconds; what is due at the same time, in the order in which it was asked for. */
  after(ms: number, work: () => void): void
  /** Does all that is due until then, or until `isOver` answers true. */
  run(untilMs: number, isOver?: () => boolean): void
}

/** A binary heap by time. */
export function simulatedClock(): SimulatedClock {
  const times: number[] = []
  const orders: number[] = []
  const works: (() => void)[] = []
  let now = 0
  let asked = 0
  const isBefore = (a: number, b: number) =>
    (times[a] as number) < (times[b] as number) ||
    (times[a] === times[b] && (orders[a] as number) < (orders[b] as number))
  const swap = (a: number, b: number) => {
    for (const list of [times, orders, works] as unknown[][]) {
      const kept = list[a]
      list[a] = list[b]
      list[b] = kept
    }
  }
  const rise = (from: number) => {
    for (let at = from, parent = (at - 1) >> 1; at > 0 && isBefore(at, parent); at = parent, parent = (at - 1) >> 1)
      swap(at, parent)
  }
  const sink = () => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= times.length) return
      const least = left + 1 < times.length && isBefore(left + 1, left) ? left + 1 : left
      if (!isBefore(least, at)) return
      swap(least, at)
      at = least
    }
  }
  return {
    now: () => now,
    after(ms, work) {
      times.push(now + ms)
      orders.push(asked++)
      works.push(work)
      rise(times.length - 1)
    },
    run(untilMs, isOver = () => false) {
      while (times.length > 0 && (times[0] as number) <= untilMs && !isOver()) {
        now = times[0] as number
        swap(0, times.length - 1)
        times.pop()
        orders.pop()
        const work = works.pop()
        sink()
        work?.()
      }
      if (!isOver()) now = Math.max(now, untilMs)
    },
  }
}

/** Waiting work in the order of arrival. */
export function queueOf<T>(): { push(one: T): void; take(): T | undefined; size(): number } {
  let items: T[] = []
  let head = 0
  return {
    push: (one) => void items.push(one),
    take() {
      if (head === items.length) return undefined
      const one = items[head++]
      if (head > 10_000 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return one
    },
    size: () => items.length - head,
  }
}

/** What admits so many at once: a lock admits one, a pool of connections its size. */
export interface Gate {
  enter(then: () => void): void
  leave(): void
  /** The time of all that were inside, in milliseconds. */
  heldMs(): number
}

export function gateOf(clock: SimulatedClock, places: number): Gate {
  const waiting = queueOf<() => void>()
  let inside = 0
  let held = 0
  let since = 0
  const count = () => {
    held += inside * (clock.now() - since)
    since = clock.now()
  }
  return {
    enter(then) {
      if (inside === places) return waiting.push(then)
      count()
      inside++
      then()
    },
    leave() {
      const next = waiting.take()
      if (next) return next()
      count()
      inside--
    },
    heldMs() {
      count()
      return held
    },
  }
}

export interface Cores {
  /** Uses one core for so much CPU time. */
  use(cpuMs: number, then: () => void): void
  /** The CPU time that was used, in milliseconds of a core. */
  usedMs(): number
}

/** `speed`: the part of each core that is there for this work. */
export function coresOf(clock: SimulatedClock, count: number, speed = 1): Cores {
  const gate = gateOf(clock, count)
  return {
    use(cpuMs, then) {
      gate.enter(() =>
        clock.after(cpuMs / speed, () => {
          gate.leave()
          then()
        }),
      )
    },
    usedMs: () => gate.heldMs() * speed,
  }
}

/** A process with one thread: it does one thing at a time on whichever core is free. */
export function threadOn(clock: SimulatedClock, cores: Cores): Pick<Cores, 'use'> {
  const thread = gateOf(clock, 1)
  return {
    use(cpuMs, then) {
      thread.enter(() =>
        cores.use(cpuMs, () => {
          thread.leave()
          then()
        }),
      )
    },
  }
}

export interface WriteAheadLog {
  /** Goes on once a flush that began after the call has ended. */
  flush(then: () => void): void
  flushes(): number
  busyMs(): number
}

/** One flush at a time; it takes all that waited when it began. */
export function writeAheadLog(clock: SimulatedClock, flushMs: number): WriteAheadLog {
  let waiting: (() => void)[] = []
  let flushing = false
  let flushes = 0
  const begin = () => {
    const group = waiting
    waiting = []
    flushing = group.length > 0
    if (!flushing) return
    flushes++
    clock.after(flushMs, () => {
      begin()
      for (const then of group) then()
    })
  }
  return {
    flush(then) {
      waiting.push(then)
      if (!flushing) begin()
    },
    flushes: () => flushes,
    busyMs: () => flushes * flushMs,
  }
}
