// Bounds how many bytes of large content a process holds in memory at the same time.

/** What one caller holds, until it is disposed of. */
interface Hold extends Disposable {
  readonly isHeld: boolean
  /** Takes this many bytes, and waits for them in order of asking. False if they were not free in time, or too many wait. */
  take(bytes: number, maxMs: number): Promise<boolean>
}

interface Waiter {
  bytes: number
  answer(isTaken: boolean): void
}

/** Holds of these bytes together; what is larger than all of them takes all. */
export function byteRoom(total: number, maxWaiting: number): () => Hold {
  let free = total
  let waiters: Waiter[] = []

  function serve(): void {
    for (let first = waiters[0]; first && first.bytes <= free; first = waiters[0]) {
      waiters.shift()
      free -= first.bytes
      first.answer(true)
    }
  }

  function wait(bytes: number, maxMs: number): Promise<boolean> {
    if (waiters.length === 0 && bytes <= free) {
      free -= bytes
      return Promise.resolve(true)
    }
    if (waiters.length >= maxWaiting) return Promise.resolve(false)
    return new Promise((resolve) => {
      const waiter = {
        bytes,
        answer: (isTaken: boolean) => {
          clearTimeout(timer)
          resolve(isTaken)
        },
      }
      const timer = setTimeout(() => {
        waiters = waiters.filter((one) => one !== waiter)
        resolve(false)
        // A smaller one behind it may fit.
        serve()
      }, maxMs)
      waiters.push(waiter)
    })
  }

  return () => {
    let held = 0
    return {
      get isHeld() {
        return held > 0
      },
      async take(bytes, maxMs) {
        const wanted = Math.min(bytes, total)
        if (!(await wait(wanted, maxMs))) return false
        held += wanted
        return true
      },
      [Symbol.dispose]() {
        free += held
        held = 0
        serve()
      },
    }
  }
}
