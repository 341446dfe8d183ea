// Creates the context: database connections, jobs, health, rate limits and plug-ins.
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Config } from './config/config.ts'
import type { Ctx, Defaults } from './context.ts'
import { isPersonal } from './domain/notification.ts'
import { healthOf } from './guard/provider-health.ts'
import { ratesOf } from './guard/rate-limits.ts'
import { notifiersFor, supersedesOthers } from './notifiers/index.ts'
import { metricsOf } from './observe/metrics.ts'
import type { Tracing } from './observe/tracing.ts'
import { pseudonyms } from './privacy/pseudonym.ts'
import { unsubscribeTokens } from './privacy/unsubscribe-token.ts'
import { routes, sandboxes } from './providers/index.ts'
import type { Provider } from './providers/provider.ts'
import { ownTypeOf, type Sources } from './sources/index.ts'
import { type Db, openDb } from './store/db.ts'
import { type Jobs, openJobs } from './store/jobs/jobs.ts'
import { ensureProviders } from './store/providers/health.ts'
import { openReads, type Reads } from './store/reads.ts'
import { sharedSecretKey } from './store/secrets.ts'

/** The share of DATABASE_POOL_SIZE that pg-boss gets, including its listener. */
const jobsShare = 0.4
/** The share that answers questions of the API. */
const readsShare = 0.2
/** The part of the shutdown grace that is reserved for closing connections after the jobs have stopped. */
export const stopSlackMs = 1000

export interface Parts {
  log: Logger
  print(line: string): void
  clock: Clock
  tracing: Tracing
  sources: Sources
  publicUrl: Ctx['publicUrl']
}

export interface Connections {
  db: Db
  reads: Reads
  jobs: Jobs
}

/** Expects an up-to-date schema. `cleanup` ends the connections; `createContext` stops the jobs. */
export async function connect(
  cleanup: AsyncDisposableStack,
  { databasePoolSize, databaseReadUrl, databaseBackend: backend, roles }: Config,
  url: string,
  log: Logger,
): Promise<Connections> {
  const jobsPool = Math.max(2, Math.floor(databasePoolSize * jobsShare) - 1)
  // A process that only works reads its metrics.
  const readsPool = roles.api ? Math.max(1, Math.floor(databasePoolSize * readsShare)) : 1
  const others = jobsPool + 1 + readsPool
  const db = openDb({ url, poolSize: Math.max(2, databasePoolSize - others), log })
  cleanup.defer(() => db.end())
  const reads = openReads({ url, replicaUrl: databaseReadUrl, poolSize: readsPool, log })
  cleanup.defer(() => reads.end())
  return { db, reads, jobs: await openJobs({ url, poolSize: jobsPool, db, backend, log }) }
}

/** `cleanup` disposes of everything but the pool of connections: jobs first, then providers. */
export async function createContext(
  cleanup: AsyncDisposableStack,
  config: Config,
  { db, reads, jobs }: Connections,
  { log, print, clock, tracing, sources, publicUrl }: Parts,
): Promise<Ctx> {
  const built = routes(config, { print, nowMs: () => clock.now().getTime() })
  cleanup.defer(() => closeProviders(built))
  const sandbox = sandboxes(config, print)
  const namesOf = (route: Provider[]) => route.map((provider) => provider.name)
  const names = { email: namesOf(built.email), sms: namesOf(built.sms), callback: namesOf(built.callback) }
  const health = healthOf({
    db,
    jobs,
    clock,
    routes: names,
    log,
  })
  cleanup.defer(() => health.close())
  cleanup.defer(() => jobs.stop(config.shutdownGraceMs - stopSlackMs))
  const secretKeys = config.secretKeys ?? ([await sharedSecretKey(db)] as const)
  const all = [...Object.values(names).flat(), ...Object.values(sandbox).map(({ provider }) => provider.name)]
  await ensureProviders(db, [...new Set(all)])
  // A paused provider must not be called by the first job either.
  await health.refresh()
  const rates = ratesOf({ db, perSecond: config.rates, log })
  // Disposed of before the jobs: a job that waits for a token would delay their stop.
  cleanup.defer(() => rates.close())
  const ctx: Ctx = {
    db,
    reads,
    jobs,
    health,
    rates,
    metrics: metricsOf({ db: reads.db, routes: names }),
    tracing,
    log,
    clock,
    // A notifier that only sends callbacks is left out where no app has a callback URL.
    notifiersFor: (type) =>
      notifiersFor(ownTypeOf(type)).filter(
        ({ channels }) => built.callback.length > 0 || channels.length === 0 || channels.some(isPersonal),
      ),
    supersedesOthers: (type) => supersedesOthers(ownTypeOf(type)),
    sources,
    routes: built,
    sandbox,
    routeOf: ({ channel, sandboxed }) =>
      sandboxed && isPersonal(channel) ? [sandbox[channel].provider] : built[channel],
    callbackUrls: config.callbacks.urls,
    defaults: defaultsOf(config),
    schedulesTimezone: config.schedulesTimezone,
    retention: config.retention,
    unsubscribeTokens: unsubscribeTokens(...secretKeys),
    pseudonymOf: pseudonyms(secretKeys.at(-1) ?? secretKeys[0]),
    scopeOf: (source) => (config.recipientIds === 'per-app' ? source : ''),
    publicUrl,
  }
  return ctx
}

async function closeProviders(routes: Ctx['routes']): Promise<void> {
  await Promise.all(Object.values(routes).flatMap((route) => route.map((provider) => provider.close?.())))
}

/** What messages use by these settings, where an event does not say. */
export function defaultsOf(config: Config): Defaults {
  return {
    brand: config.brand,
    locale: config.defaultLocale,
    timezone: config.defaultTimezone,
    // The default is only used by the sandbox: EMAIL_FROM is required with any other email provider.
    emailFrom: config.emailFrom ?? `${config.brand.name} <posthorn@localhost>`,
    emailReplyTo: config.emailReplyTo,
    operatorEmail: config.operatorEmail,
  }
}
