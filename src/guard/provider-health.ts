// What this process knows of the providers' health: it tells Postgres what its calls came to, failures at once, and
// keeps a view of what all processes together found.
import type { Clock } from '../clock.ts'
import type { Outcome } from '../domain/attempt.ts'
import type { Channel } from '../domain/notification.ts'
import { isBad, isThrottled, probeEveryMs, verdictOf } from '../policy/circuit.ts'
import type { Db } from '../store/db.ts'
import type { Jobs } from '../store/jobs/jobs.ts'
import { releaseWaiting } from '../store/notifications/release.ts'
import { claimProbe, type ProviderHealth, readHealth } from '../store/providers/health.ts'
import { type OnOpening, type Report, recordReport } from './record-report.ts'

/** `until`: when it may be asked again. `probe`: one message may try it now. `looks`: it may be asked for lost answers. */
export interface Unavailable {
  why: string
  until: Date
  probe: boolean
  looks: boolean
}

export interface Health {
  /** Why a provider must not be called now; null where it may be. */
  shut(provider: string): Unavailable | null
  /** Uses the permit to probe that this process holds. False: it holds none, so claim one. */
  takeProbe(provider: string): boolean
  /** The permit was taken for a call that is not made after all: another may use it while it lasts. */
  returnProbe(provider: string): void
  /** Asks for the permit to probe, on behalf of all of this process. Whether it was had, `shut` says. */
  claimProbe(provider: string): Promise<void>
  /** What a call came to. A failure is told at once, the rest by the next tick. */
  report(provider: string, outcome: Outcome, latencyMs: number, probe: boolean): void
  /** What a transaction just read. */
  see(healths: ProviderHealth[]): void
  /** Reads what all processes know. */
  refresh(): Promise<void>
  /** Tells, reads, and lets go of what waited for a circuit. */
  tick(): Promise<void>
  /** Tells what was not told yet, if the database is there. */
  close(): Promise<void>
}

export interface HealthOptions {
  db: Db
  jobs: Jobs
  clock: Clock
  routes: Record<Channel, string[]>
  onOpening: OnOpening
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

/** A permit to probe that nobody used is gone after this: the circuit stays shut until the next. */
const permitLastsMs = 4000
const releasedAtOnce = 500
/** About when a probe has shown more. */
const asksAgainMs = 6000
/** Where it does not say for how long. */
const slowMs = 1000
/** A provider that asks for more is asked again after this; it can say so once more. */
const slowAtMostMs = 3_600_000

export function healthOf({ db, jobs, clock, routes, onOpening, log }: HealthOptions): Health {
  const views = new Map<string, ProviderHealth & { slowUntilMs: number }>()
  const permits = new Map<string, { untilMs: number; isTaken: boolean }>()
  const claiming = new Set<string>()
  const reports = new Map<string, Report>()
  let telling: Promise<void> | null = null

  const nowMs = () => clock.now().getTime()
  const permitOf = (provider: string) => {
    const permit = permits.get(provider)
    return permit && !permit.isTaken && permit.untilMs > nowMs() ? permit : null
  }
  const see: Health['see'] = (healths) => {
    for (const health of healths) views.set(health.provider, { ...health, slowUntilMs: nowMs() + health.slowForMs })
  }
  const refresh = async () => see(await readHealth(db))

  const shut: Health['shut'] = (provider) => {
    const view = views.get(provider)
    if (!view) return null
    const soon = new Date(nowMs() + asksAgainMs)
    if (view.pausedAt) return { why: `paused by ${view.pausedBy}`, until: soon, probe: false, looks: false }
    if (view.circuit.state === 'open') {
      const probe = permitOf(provider) !== null || (view.probeDue && !claiming.has(provider))
      return { why: `its circuit is open: ${view.circuit.why}`, until: soon, probe, looks: true }
    }
    if (view.slowUntilMs > nowMs())
      return { why: 'it asked for a pause', until: new Date(view.slowUntilMs), probe: false, looks: false }
    return null
  }

  /** One at a time: what is reported meanwhile goes with the next. */
  function tellAll(): Promise<void> {
    telling ??= tellEach().finally(() => {
      telling = null
    })
    return telling
  }

  async function tellEach(): Promise<void> {
    for (const [provider, report] of reports) {
      reports.delete(provider)
      try {
        tellPeople(provider, await recordReport(db, report, onOpening))
      } catch (error) {
        // What was seen while the database was away still counts.
        const later = reports.get(provider)
        reports.set(provider, later ? merged(report, later) : report)
        throw error
      }
    }
  }

  function tellPeople(provider: string, { before, after }: Awaited<ReturnType<typeof recordReport>>): void {
    const view = views.get(provider)
    if (view) view.circuit = after
    if (before.state === after.state) return
    const fields = { provider, circuit: after.state, alert: after.state === 'open' }
    if (after.state === 'open') log.error({ ...fields, why: after.why }, 'a circuit opened')
    else log.warn({ ...fields, why: before.why }, 'a circuit closed: a real send was taken')
  }

  return {
    shut,
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
        void tellAll().catch(() => log.warn({ provider }, 'its health could not be told; the next tick tries again'))
    },
    async tick() {
      await tellAll()
      await refresh()
      for (const [channel, providers] of Object.entries(routes) as [Channel, string[]][]) {
        const shuts = providers.map(shut)
        if (shuts.includes(null)) await releaseWaiting(db, jobs, channel, releasedAtOnce, clock.now())
        // Nobody else comes by: one of those that wait is the probe.
        else if (shuts.some((s) => s?.probe)) await releaseWaiting(db, jobs, channel, 1, clock.now())
      }
    },
    close: () => tellAll().catch(() => log.warn({}, 'what the last calls came to could not be told')),
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
