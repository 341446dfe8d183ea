// Wakes the workers of this process that fetch a queue's jobs: one for a NOTIFY, and another where that one finds more than it
// takes. Were all woken, most of their fetches would find nothing.

interface Fetcher {
  /** pg-boss's id; null until it has started. */
  id: string | null
  state: 'idle' | 'fetching' | 'working'
  /** By `performance.now()`: since when it has been fetching. */
  sinceMs: number
  /** Jobs have come since, which its fetch may have missed. */
  isBehind: boolean
}

export interface Fetchers<Batch extends { length: number }, End> {
  /** Jobs have come: one more worker fetches. */
  wake(): void
  /** Every worker fetches, for jobs that a NOTIFY did not tell of. */
  wakeAll(): void
  /** Starts one more worker, whose handler is `work`. */
  add(start: (handler: (batch: Batch) => Promise<End>) => Promise<string>): Promise<void>
}

/** By then a fetch has ended, and may have found nothing, of which nobody hears. */
const fetchMs = 50

interface FetchersOptions<Batch, End> {
  work(batch: Batch): Promise<End>
  batchSize: number
  /** Has the worker with this id fetch at once, or when its batch has ended. */
  notify(workerId: string): void
}

export function fetchersOf<Batch extends { length: number }, End>({
  work,
  batchSize,
  notify,
}: FetchersOptions<Batch, End>): Fetchers<Batch, End> {
  const fetchers: Fetcher[] = []
  const isFetching = ({ state, sinceMs }: Fetcher) => state === 'fetching' && performance.now() - sinceMs < fetchMs

  function begin(fetcher: Fetcher): void {
    fetcher.state = 'fetching'
    fetcher.sinceMs = performance.now()
    fetcher.isBehind = false
  }

  function wake(fetcher: Fetcher): void {
    begin(fetcher)
    if (fetcher.id) notify(fetcher.id)
  }

  function wakeOneMore(): boolean {
    const free = fetchers.find((one) => one.state !== 'working' && !isFetching(one))
    if (free) wake(free)
    return free !== undefined
  }

  /** It fetches again, at once if it finds nothing now. */
  function repeat(fetcher: Fetcher): void {
    fetcher.isBehind = true
    if (fetcher.id) notify(fetcher.id)
  }

  async function handle(fetcher: Fetcher, batch: Batch): Promise<End> {
    const isMore = fetcher.isBehind || batch.length >= batchSize
    fetcher.state = 'working'
    fetcher.isBehind = false
    if (isMore) wakeOneMore()
    try {
      return await work(batch)
    } finally {
      if (fetcher.isBehind || batch.length >= batchSize) begin(fetcher)
      else fetcher.state = 'idle'
    }
  }

  return {
    wake() {
      const fetching = fetchers.find(isFetching)
      if (fetching) repeat(fetching)
      else if (!wakeOneMore()) for (const fetcher of fetchers) repeat(fetcher)
    },
    wakeAll() {
      for (const fetcher of fetchers)
        if (fetcher.state === 'working') repeat(fetcher)
        else wake(fetcher)
    },
    async add(start) {
      const fetcher: Fetcher = { id: null, state: 'fetching', sinceMs: performance.now(), isBehind: false }
      fetchers.push(fetcher)
      fetcher.id = await start((batch) => handle(fetcher, batch))
    },
  }
}
