// What this process knows of the providers' health: it tells Postgres what its calls came to a few times a second, and
// keeps a view of what all processes together found. decide.ts asks it; a worker's tick keeps it fresh.
import type { Outcome } from './attempt.ts'
import { verdictOf } from './circuit.ts'
import type { Clock } from './clock.ts'
import type { Channel } from './notification.ts'
import type { Db } from './store/db.ts'
import { claimProbes, type ProviderHealth, type Report, readHealth, releaseWaiting, tell } from './store/health.ts'
import type { Jobs } from './store/jobs.ts'

/** `until`: when it may be asked again. `probe`: this process holds the leave to try it now. */
export interface Shut {
  why: string
  until: Date
  probe: boolean
}

export interface Health {
  /** Why a provider must not be called now; null where it may be. */
  shut(provider: string): Shut | null
  /** Uses the leave: the call that follows is the probe. */
  useProbe(provider: string): void
  report(provider: string, outcome: Outcome, latencyMs: number): void
  /** Tells, reads, claims probes that are due, and lets go of what waited for a circuit. */
  tick(): Promise<void>
}

export interface HealthOptions {
  db: Db
  jobs: Jobs
  clock: Clock
  routes: Record<Channel, string[]>
  log: { warn(fields: object, text: string): void; error(fields: object, text: string): void }
}

/** A leave to probe that nobody used is gone after this: the circuit stays shut until the next. */
const leaveLastsMs = 4000
const releasedAtOnce = 500
/** About when a probe has shown more. */
const asksAgainMs = 6000

export function healthOf({ db, jobs, clock, routes, log }: HealthOptions): Health {
  const views = new Map<string, ProviderHealth>()
  const leaves = new Map<string, number>()
  let reports = new Map<string, Report>()

  const nowMs = () => clock.now().getTime()
  const shut: Health['shut'] = (provider) => {
    const view = views.get(provider)
    if (!view) return null
    const soon = new Date(nowMs() + asksAgainMs)
    if (view.pausedAt) return { why: `paused by ${view.pausedBy}`, until: soon, probe: false }
    if (view.circuit.state === 'open')
      return {
        why: `its circuit is open: ${view.circuit.why}`,
        until: soon,
        probe: (leaves.get(provider) ?? 0) > nowMs(),
      }
    if (view.slowUntil && view.slowUntil.getTime() > nowMs())
      return { why: 'it asked for a pause', until: view.slowUntil, probe: false }
    return null
  }

  async function tellAll(): Promise<void> {
    const told = reports
    reports = new Map()
    for (const report of told.values()) {
      try {
        const { before, after } = await tell(db, report, clock.now())
        if (before.state === after.state) continue
        const fields = {
          provider: report.provider,
          circuit: after.state,
          why: after.why,
          alert: after.state === 'open',
        }
        if (after.state === 'open') log.error(fields, 'a circuit opened')
        else log.warn(fields, 'a circuit closed')
      } catch (error) {
        // Kept for the next tick: what was seen while the database was away still counts.
        merge(reports, report)
        throw error
      }
    }
  }

  return {
    shut,
    useProbe: (provider) => leaves.delete(provider),
    report(provider, outcome, latencyMs) {
      const verdict = verdictOf(outcome)
      const slowMs = outcome.kind === 'deferred' && outcome.statusCode === 429 ? (outcome.retryAfterMs ?? 1000) : null
      const slowUntil = slowMs === null ? null : new Date(nowMs() + slowMs)
      merge(reports, { provider, verdicts: verdict ? [verdict] : [], others: verdict ? 0 : 1, latencyMs, slowUntil })
    },
    async tick() {
      await tellAll()
      for (const view of await readHealth(db)) views.set(view.provider, view)
      const open = [...views.values()].filter(
        (v) => v.circuit.state === 'open' && (v.circuit.nextProbeAt ?? clock.now()) <= clock.now(),
      )
      const claimed =
        open.length > 0
          ? await claimProbes(
              db,
              open.map((v) => v.provider),
              clock.now(),
            )
          : []
      for (const provider of claimed) leaves.set(provider, nowMs() + leaveLastsMs)
      for (const [channel, providers] of Object.entries(routes) as [Channel, string[]][]) {
        if (providers.some((provider) => !shut(provider)))
          await releaseWaiting(db, jobs, channel, releasedAtOnce, clock.now())
        else if (providers.some((provider) => claimed.includes(provider)))
          await releaseWaiting(db, jobs, channel, 1, clock.now())
      }
    },
  }
}

function merge(reports: Map<string, Report>, report: Report): void {
  const before = reports.get(report.provider)
  if (!before) {
    reports.set(report.provider, report)
    return
  }
  before.verdicts.push(...report.verdicts)
  before.others += report.others
  before.latencyMs += report.latencyMs
  if (report.slowUntil && (!before.slowUntil || report.slowUntil > before.slowUntil))
    before.slowUntil = report.slowUntil
}
