// The hands of a simulated worker: how many messages it has in progress, and who waits until it may have more.
import type { SimulatedClock } from './machine.ts'

export interface Hands {
  /** So many more are in progress, or less. */
  add(by: number): void
  /** Goes on at once, or when fewer than the most are in progress. */
  whenFree(then: () => void): void
  /** The sum of the times of all, in milliseconds. */
  heldMs(): number
}

export function handsOf(clock: SimulatedClock, most: number): Hands {
  let inProgress = 0
  let area = 0
  let since = 0
  let waiting: (() => void)[] = []
  const count = () => {
    area += inProgress * (clock.now() - since)
    since = clock.now()
  }
  return {
    add(by) {
      count()
      inProgress += by
      if (inProgress >= most || waiting.length === 0) return
      const all = waiting
      waiting = []
      for (const then of all) then()
    },
    whenFree(then) {
      if (inProgress < most) then()
      else waiting.push(then)
    },
    heldMs() {
      count()
      return area
    },
  }
}
