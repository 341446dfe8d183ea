// Group commit: many callers wait together, one multi-row statement in one transaction serves them all,
// and each gets its own answer. Stages stay written for one item; the database sees batches.

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
