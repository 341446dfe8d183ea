// Many rows at once: calls that wait together become one statement, and long work goes batch by batch.

export interface BatchOptions<In> {
  maxItems: number
  /** Of items with the same key, one goes into a batch: the next is asked on what the first has come to. */
  keyOf?(item: In): string
  /** True where the failure is everybody's (the database is away) and asking again one by one is pointless. */
  isShared(error: unknown): boolean
}

interface Waiting<In, Out> {
  item: In
  resolve(answer: Out): void
  reject(error: unknown): void
}

/**
 * One flush at a time: what arrives meanwhile is the next batch, so batches grow with load and an idle caller waits
 * for nobody. `flush` answers in the order of its items. Where a batch fails by one item's fault, each is flushed alone.
 */
export function batcher<In, Out>(
  flush: (items: In[]) => Promise<Out[]>,
  { maxItems, keyOf, isShared }: BatchOptions<In>,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  let flushing = false

  function nextBatch(): Waiting<In, Out>[] {
    const batch: Waiting<In, Out>[] = []
    const rest: Waiting<In, Out>[] = []
    const keys = new Set<string>()
    for (const one of waiting) {
      const key = keyOf?.(one.item)
      if (batch.length === maxItems || (key !== undefined && keys.has(key))) rest.push(one)
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
      // A turn of the event loop lets callers that arrived together flush together.
      if (!flushing) {
        flushing = true
        setImmediate(run)
      }
    })
}

/** Takes one step after the other until one has done less than `full`, and answers how much was done in all. */
export async function inBatches(full: number, step: (full: number) => Promise<number>): Promise<number> {
  let all = 0
  for (let some = full; some >= full; all += some) some = await step(full)
  return all
}

/** Runs what it is given one after the other, whoever gives it. */
export function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine
  }
}
