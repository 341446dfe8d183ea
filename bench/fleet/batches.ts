// A simulated batcher, as src/store/batch.ts: one flush at a time, and what arrives meanwhile is the next batch.

export function batchesOf<T>(most: number, flush: (items: T[], then: () => void) => void): (items: T[]) => void {
  let waiting: T[] = []
  let flushing = false
  const next = () => {
    const batch = waiting.slice(0, most)
    waiting = waiting.slice(most)
    flushing = batch.length > 0
    if (flushing) flush(batch, next)
  }
  return (items) => {
    waiting = waiting.concat(items)
    if (!flushing) next()
  }
}
