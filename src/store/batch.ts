// Batching: combines concurrent calls into one statement, and splits long work into steps.

export interface BatchOptions<In> {
  maxItems: number
  /** Only a batch of a single item may hold more. */
  maxBytes?: number
  bytesOf?(item: In): number
  /** A batch holds at most one item of each key, so that the next one sees the result of the first. */
  keyOf?(item: In): string
  /** True for a failure that concerns the whole batch (the database is unavailable), which is not retried item by item. */
  isShared(error: unknown): boolean
}

interface Waiting<In, Out> {
  item: In
  resolve(answer: Out): void
  reject(error: unknown): void
}

/**
 * One flush at a time: items that arrive meanwhile form the next batch, so batches grow with load, and a caller without
 * others does not wait. `flush` returns results in the order of its items. If a batch fails, each item is flushed alone.
 */
export function batcher<In, Out>(
  flush: (items: In[]) => Promise<Out[]>,
  { maxItems, maxBytes = Number.POSITIVE_INFINITY, bytesOf, keyOf, isShared }: BatchOptions<In>,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  let flushing = false

  function nextBatch(): Waiting<In, Out>[] {
    const batch: Waiting<In, Out>[] = []
    const rest: Waiting<In, Out>[] = []
    const keys = new Set<string>()
    let bytes = 0
    for (const one of waiting) {
      const key = keyOf?.(one.item)
      bytes += bytesOf?.(one.item) ?? 0
      const isFull = batch.length === maxItems || (batch.length > 0 && bytes > maxBytes)
      if (isFull || (key !== undefined && keys.has(key))) rest.push(one)
      else batch.push(one)
      if (key !== undefined) keys.add(key)
    }
    waiting = rest
    return batch
  }

  async function answer(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await flush(batch.map((w) => w.item))
      for (const [i, w] of batch.entries()) w.resolve(answers[i] as Out)
    } catch (error) {
      if (batch.length === 1 || isShared(error)) for (const w of batch) w.reject(error)
      else for (const w of batch) await answer([w])
    }
  }

  async function run(): Promise<void> {
    flushing = true
    while (waiting.length > 0) await answer(nextBatch())
    flushing = false
  }

  return (item) =>
    new Promise<Out>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // One turn of the event loop lets concurrent callers share the first flush.
      if (!flushing) {
        flushing = true
        setImmediate(run)
      }
    })
}

/** Repeats `step` until it does less than `full`, and returns how much was done in total. */
export async function inBatches(full: number, step: (full: number) => Promise<number>): Promise<number> {
  let total = 0
  for (let done = full; done >= full; total += done) done = await step(full)
  return total
}

/** The list in chunks of at most `size`, none of them empty. */
export function* chunksOf<T>(list: T[], size: number): Generator<[T, ...T[]]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size) as [T, ...T[]]
}

/** Runs the work of all its callers one after the other. */
export function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine
  }
}
