// The rate of each provider, over all processes together: tokens stand in Postgres (store/rates.ts) and are leased a few
// at a time, so a send rarely waits for the database. A share is kept for `high`; who waits, waits by priority.
import { setTimeout as wait } from 'node:timers/promises'
import { type Priority, priorities } from './event.ts'
import type { Db } from './store/db.ts'
import { type Lease, leaseTokens } from './store/rates.ts'

export interface Rates {
  /** Takes a token that this process holds. False: it holds none, so wait for one. */
  take(provider: string): boolean
  /** Resolves with true once the caller holds a token, with false after `maxMs`. */
  wait(provider: string, priority: Priority, maxMs: number): Promise<boolean>
  /** A token that the caller did not use after all. */
  giveBack(provider: string): void
  /** Nobody gets one any more: who waits is told so. */
  close(): void
}

interface Waiter {
  priority: Priority
  since: number
  settle(got: boolean): void
}

interface Bucket {
  perSecond: number
  tokens: number
  /** When what was leased is forgotten: a token kept for long would be a burst later. */
  freshUntil: number
  waiters: Waiter[]
  pumping: boolean
}

const freshForMs = 1000

export interface RatesOptions {
  db: Db
  /** Most sends a second, by provider. Who is not named has no limit. */
  perSecond: Record<string, number>
  nowMs(): number
  log: { warn(fields: object, text: string): void }
}

export function ratesOf({ db, perSecond, nowMs, log }: RatesOptions): Rates {
  const buckets = new Map<string, Bucket>()
  for (const [provider, rate] of Object.entries(perSecond))
    buckets.set(provider, { perSecond: rate, tokens: 0, freshUntil: 0, waiters: [], pumping: false })
  let closed = false

  async function pump(provider: string, bucket: Bucket): Promise<void> {
    bucket.pumping = true
    while (bucket.waiters.length > 0 && !closed) {
      const granted = await lease(provider, bucket)
      for (let i = 0; i < granted; i++) {
        const next = bucket.waiters.shift()
        if (next) next.settle(true)
        else keep(bucket)
      }
      if (granted === 0) await wait(Math.max(5, Math.min(200, 1000 / bucket.perSecond)))
    }
    bucket.pumping = false
  }

  async function lease(provider: string, bucket: Bucket): Promise<number> {
    const request: Lease = {
      provider,
      perSecond: bucket.perSecond,
      wanted: bucket.waiters.length,
      high: bucket.waiters.some(({ priority }) => priority === 'high'),
    }
    try {
      return await leaseTokens(db, request)
    } catch (error) {
      log.warn({ provider, fault: error instanceof Error ? error.name : 'unknown' }, 'no tokens could be leased')
      return 0
    }
  }

  function keep(bucket: Bucket): void {
    if (bucket.freshUntil < nowMs()) bucket.tokens = 0
    bucket.tokens += 1
    bucket.freshUntil = nowMs() + freshForMs
  }

  return {
    take(provider) {
      const bucket = buckets.get(provider)
      if (!bucket) return true
      if (bucket.tokens < 1 || bucket.freshUntil < nowMs()) return false
      bucket.tokens -= 1
      return true
    },
    async wait(provider, priority, maxMs) {
      const bucket = buckets.get(provider)
      if (!bucket) return true
      if (closed) return false
      return new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => {
          bucket.waiters = bucket.waiters.filter((other) => other !== waiter)
          resolve(false)
        }, maxMs)
        const waiter: Waiter = {
          priority,
          since: nowMs(),
          settle(got) {
            clearTimeout(timer)
            resolve(got)
          },
        }
        bucket.waiters.push(waiter)
        bucket.waiters.sort(
          (a, b) => priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || a.since - b.since,
        )
        if (!bucket.pumping) void pump(provider, bucket)
      })
    },
    giveBack(provider) {
      const bucket = buckets.get(provider)
      if (!bucket) return
      const next = bucket.waiters.shift()
      if (next) next.settle(true)
      else keep(bucket)
    },
    close() {
      closed = true
      for (const bucket of buckets.values()) for (const waiter of bucket.waiters.splice(0)) waiter.settle(false)
    },
  }
}
