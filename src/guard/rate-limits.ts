// Keeps to each provider's rate over all processes, by tokens in Postgres: an attempt takes tokens that its own transaction
// read and pays for them there, and callers without a token wait by priority.
import { setTimeout as wait } from 'node:timers/promises'
import { type Priority, priorities } from '../domain/event.ts'
import type { Db, Reader } from '../store/db.ts'
import type { ProviderHealth } from '../store/providers/health.ts'
import { type Flow, flowOf, leaseTokens, spendTokens } from '../store/providers/rates.ts'
import { together } from '../store/together.ts'

/** `ask`: the provider became unavailable, so ask the policy again. `late`: no token came in time. */
export type Turn = 'token' | 'ask' | 'late'

/** What a token is for. Notifications with an attempt go before others of their priority. */
export interface Claim {
  priority: Priority
  attempted: boolean
}

export interface Rates {
  /** The most sends a second; null without a limit. */
  perSecond(provider: string): number | null
  /** Sets the tokens that the open transaction has read, and resets what an earlier one took. */
  see(healths: ProviderHealth[]): void
  /** Takes a token that the open transaction has read. False: there is none, so wait for one. */
  take(provider: string, claim: Claim): boolean
  /** Writes what was taken, in the transaction that read it, by statements that are sent at once. */
  pay(tx: Reader): Promise<void>
  /** Resolves once the caller has a token, or will get none. */
  wait(provider: string, claim: Claim, maxMs: number): Promise<Turn>
  /** Returns a token that the caller did not use. */
  returnToken(provider: string): void
  /** Ends all waits with `late`; no tokens are given any more. */
  close(): void
}

interface Waiter {
  claim: Claim
  answer(turn: Turn): void
}

interface Bucket {
  flow: Flow
  /** Of the open transaction: the tokens it read, how many more sends fit this second, and how many it took. */
  tokens: number
  room: number
  taken: number
  /** By priority, then in order of arrival. */
  waiters: Waiter[]
  pumping: boolean
}

export interface RatesOptions {
  db: Db
  /** The most sends a second, by provider; a provider not listed has no limit. */
  perSecond: Record<string, number>
  log: { warn(fields: object, text: string): void }
}

/** Waiting callers get tokens a few at a time, because each lease is a commit. */
const leasesPerSecond = 20
const sliceMs = 25
/** Bounded, because a more urgent waiter may join meanwhile. */
const maxSleepMs = 100

export function ratesOf({ db, perSecond, log }: RatesOptions): Rates {
  const buckets = new Map<string, Bucket>()
  for (const [provider, rate] of Object.entries(perSecond))
    buckets.set(provider, { flow: flowOf(rate), tokens: 0, room: 0, taken: 0, waiters: [], pumping: false })
  let closed = false

  /** Leases tokens until nobody waits. */
  async function pump(provider: string, bucket: Bucket): Promise<void> {
    bucket.pumping = true
    while (bucket.waiters.length > 0 && !closed) {
      const sleepMs = await serve(provider, bucket)
      if (sleepMs > 0) await wait(Math.min(maxSleepMs, sleepMs), undefined, { ref: false })
    }
    bucket.pumping = false
  }

  /** Leases tokens for the waiters once, and answers how many ms until there may be another. */
  async function serve(provider: string, { flow, waiters }: Bucket): Promise<number> {
    const high = () => waiters.filter((waiter) => waiter.claim.priority === 'high').length
    try {
      const { granted, left, room, unavailable } = await leaseTokens(db, {
        provider,
        flow,
        wanted: waiters.length,
        high: high(),
      })
      // A token that nobody waits for any more is dropped: if kept, it would allow a burst later.
      for (const waiter of waiters.splice(0, granted)) waiter.answer('token')
      if (unavailable) for (const waiter of waiters.splice(0)) waiter.answer('ask')
      const next = Math.min(waiters.length, flow.perSecond / leasesPerSecond)
      const flowsInMs = ((Math.max(1, next) - left) / flow.perSecond) * 1000
      const full = room < 1 + (high() > 0 ? 0 : flow.keptForHigh)
      return Math.ceil(Math.max(flowsInMs, full ? sliceMs : 0))
    } catch (error) {
      log.warn({ provider, fault: error instanceof Error ? error.name : 'unknown' }, 'rate tokens not leased')
      return maxSleepMs
    }
  }

  return {
    perSecond: (provider) => buckets.get(provider)?.flow.perSecond ?? null,
    see(healths) {
      for (const { provider, tokens, tokensAgeMs, sentLately } of healths) {
        const bucket = buckets.get(provider)
        if (!bucket) continue
        const { capacity, perSecond } = bucket.flow
        bucket.tokens = Math.min(capacity, tokens + (tokensAgeMs / 1000) * perSecond)
        bucket.room = perSecond - sentLately
        bucket.taken = 0
      }
    },
    take(provider, claim) {
      const bucket = buckets.get(provider)
      if (!bucket) return true
      const { flow, waiters } = bucket
      const [first] = waiters
      if (first && rankOf(first.claim) <= rankOf(claim)) return false
      if (Math.min(bucket.tokens, bucket.room - (claim.priority === 'high' ? 0 : flow.keptForHigh)) < 1) return false
      bucket.tokens -= 1
      bucket.room -= 1
      bucket.taken += 1
      return true
    },
    async pay(tx) {
      // Locked in one order, so that two processes cannot deadlock.
      const used = [...buckets].filter(([, { taken }]) => taken > 0).sort(([a], [b]) => (a < b ? -1 : 1))
      await together(...used.map(([provider, { flow, taken }]) => spendTokens(tx, provider, flow, taken)))
    },
    async wait(provider, claim, maxMs) {
      const bucket = buckets.get(provider)
      if (!bucket) return 'token'
      if (closed) return 'late'
      return new Promise<Turn>((resolve) => {
        const { waiters } = bucket
        const timer = setTimeout(() => {
          waiters.splice(waiters.indexOf(waiter), 1)
          resolve('late')
        }, maxMs)
        const waiter: Waiter = {
          claim,
          answer(turn) {
            clearTimeout(timer)
            resolve(turn)
          },
        }
        const after = waiters.findIndex((other) => rankOf(other.claim) > rankOf(claim))
        waiters.splice(after < 0 ? waiters.length : after, 0, waiter)
        if (!bucket.pumping) void pump(provider, bucket)
      })
    },
    returnToken(provider) {
      buckets.get(provider)?.waiters.shift()?.answer('token')
    },
    close() {
      closed = true
      for (const bucket of buckets.values()) for (const waiter of bucket.waiters.splice(0)) waiter.answer('late')
    },
  }
}

function rankOf({ priority, attempted }: Claim): number {
  return priorities.indexOf(priority) * 2 + (attempted ? 0 : 1)
}
