// Tracks the health of providers: reports the outcomes of this process's calls to Postgres, failures at once, and caches
// the health that all processes share.
import type { Clock } from '../clock.ts'
import type { Outcome } from '../domain/attempt.ts'
import type { Channel } from '../domain/notification.ts'
import type { Unavailability } from '../domain/unavailable.ts'
import { isBad, isThrottled, probeEveryMs, verdictOf } from '../policy/circuit.ts'
import type { Db } from '../store/db.ts'
import type { Jobs } from '../store/jobs/jobs.ts'
import { claimProbe, type ProviderHealth, readHealth } from '../store/providers/health.ts'
import { type Report, recordReport } from './record-report.ts'
import { releaseWaiting } from './release-waiting.ts'

/** `until`: when to check again. `probe`: one message may probe it now. `lookUps`: look-ups are allowed. */
export interface Unavailable {
  cause: Unavailability
  until: Date
  probe: boolean
  lookUps: boolean
}

export interface Health {
  /** Why a provider is unavailable; null if it may be called. */
  unavailable(provider: string): Unavailable | null
  /** Takes this process's probe permit. False: it holds none, so claim one. */
  takeProbe(provider: string): boolean
  /** Returns a taken permit whose call was not made, for another message to use while it lasts. */
  returnProbe(provider: string): void
  /** Claims a probe permit for this process; `unavailable` shows whether it got one. */
  claimProbe(provider: string): Promise<void>
  /** Records the outcome of a call. Failures are written at once, the rest at the next tick. */
  report(provider: string, outcome: Outcome, latencyMs: number, probe: boolean): void
  /** Updates the cache with what a transaction has read. */
  see(healths: ProviderHealth[]): void
  /** Reads the shared health. */
  refresh(): Promise<void>
  /** Writes reports, refreshes the cache, and releases notifications that waited for a circuit. */
  tick(): Promise<void>
  /** Writes the remaining reports, if the database is available. */
  close(): Promise<void>
}

export interface HealthOptions {
  db: Db
  jobs: Jobs
  clock: Clock
  routes: Record<Channel, string[]>
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

/** An unused probe permit expires after this, and the circuit stays open until the next probe is due. */
const permitLastsMs = 4000
const releasedAtOnce = 500
/** By then a probe has probably ended. */
const asksAgainMs = 6000
/** The pause if a throttling provider names none. */
const slowMs = 1000
/** The longest pause granted to a provider; it can ask for another. */
const slowAtMostMs = 3_600_000

export function healthOf(options: HealthOptions): Health {
  const { db, jobs, clock, routes, log } = options
  const views = new Map<string, ProviderHealth & { slowUntilMs: number }>()
  const permits = new Map<string, { untilMs: number; isTaken: boolean }>()
  const claiming = new Set<string>()
  const reports = new Map<string, Report>()
  let flushing: Promise<void> | null = null

  const nowMs = () => clock.now().getTime()
  const permitOf = (provider: string) => {
    const permit = permits.get(provider)
    return permit && !permit.isTaken && permit.untilMs > nowMs() ? permit : null
  }
  const see: Health['see'] = (healths) => {
    for (const health of healths) views.set(health.provider, { ...health, slowUntilMs: nowMs() + health.slowForMs })
  }
  const refresh = async () => see(await readHealth(db))

  const unavailable: Health['unavailable'] = (provider) => {
    const view = views.get(provider)
    if (!view) return null
    const checkAt = new Date(nowMs() + asksAgainMs)
    if (view.pausedAt)
      return { cause: { kind: 'paused', by: view.pausedBy ?? '' }, until: checkAt, probe: false, lookUps: false }
    if (view.circuit.state === 'open') {
      const probe = permitOf(provider) !== null || (view.probeDue && !claiming.has(provider))
      return { cause: { kind: 'circuit_open', cause: view.circuit.cause }, until: checkAt, probe, lookUps: true }
    }
    if (view.slowUntilMs > nowMs())
      return { cause: { kind: 'throttled' }, until: new Date(view.slowUntilMs), probe: false, lookUps: false }
    return null
  }

  /** One flush at a time: reports that arrive meanwhile go with the next. */
  function flush(): Promise<void> {
    flushing ??= flushEach().finally(() => {
      flushing = null
    })
    return flushing
  }

  async function flushEach(): Promise<void> {
    for (const [provider, report] of reports) {
      reports.delete(provider)
      try {
        logChange(provider, await recordReport(db, jobs, report))
      } catch (error) {
        // Reports made while the database is unavailable still count.
        const later = reports.get(provider)
        reports.set(provider, later ? merged(report, later) : report)
        throw error
      }
    }
  }

  function logChange(provider: string, { before, after }: Awaited<ReturnType<typeof recordReport>>): void {
    const view = views.get(provider)
    if (view) view.circuit = after
    if (before.state === after.state) return
    const fields = { provider, circuit: after.state, alert: after.state === 'open' }
    if (after.state === 'open') log.error({ ...fields, cause: after.cause }, 'circuit opened')
    else log.warn({ ...fields, cause: before.cause }, 'circuit closed: a probe was taken')
  }

  return {
    unavailable,
    see,
    refresh,
    takeProbe(provider) {
      const permit = permitOf(provider)
      if (permit) permit.isTaken = true
      return permit !== null
    },
    returnProbe(provider) {
      const permit = permits.get(provider)
      if (permit) permit.isTaken = false
    },
    async claimProbe(provider) {
      if (claiming.has(provider)) return
      claiming.add(provider)
      try {
        const view = views.get(provider)
        if (view) view.probeDue = false
        if (await claimProbe(db, provider, probeEveryMs))
          permits.set(provider, { untilMs: nowMs() + permitLastsMs, isTaken: false })
      } finally {
        claiming.delete(provider)
      }
    },
    report(provider, outcome, latencyMs, probe) {
      const verdict = verdictOf(outcome)
      const slow = outcome.kind === 'deferred' && isThrottled(outcome)
      const slowForMs = slow ? Math.min(outcome.retryAfterMs ?? slowMs, slowAtMostMs) : 0
      const view = views.get(provider)
      if (view) view.slowUntilMs = Math.max(view.slowUntilMs, slow ? nowMs() + slowForMs : 0)
      const seen = {
        provider,
        verdicts: verdict ? [verdict] : [],
        probed: probe,
        proof: probe && verdict === 'taken',
        others: verdict ? 0 : 1,
        latencyMs,
        slowForMs,
      }
      const before = reports.get(provider)
      reports.set(provider, before ? merged(before, seen) : seen)
      if (isBad(verdict) || slow || probe)
        void flush().catch(() => log.warn({ provider }, 'provider health not written; the next tick retries'))
    },
    async tick() {
      await flush()
      await refresh()
      for (const [channel, providers] of Object.entries(routes) as [Channel, string[]][]) {
        const stops = providers.map(unavailable)
        if (stops.includes(null)) await releaseWaiting(options, channel, releasedAtOnce)
        // With no other message on its way, one of those that wait becomes the probe.
        else if (stops.some((s) => s?.probe)) await releaseWaiting(options, channel, 1)
      }
    },
    close: () => flush().catch(() => log.warn({}, 'provider health of the last calls not written')),
  }
}

function merged(before: Report, after: Report): Report {
  return {
    provider: before.provider,
    verdicts: [...before.verdicts, ...after.verdicts],
    probed: before.probed || after.probed,
    proof: before.proof || after.proof,
    others: before.others + after.others,
    latencyMs: before.latencyMs + after.latencyMs,
    slowForMs: Math.max(before.slowForMs, after.slowForMs),
  }
}
