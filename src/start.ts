// Starts the service (database, schema, context, HTTP, workers, sweep) and stops it in the reverse order.
import path from 'node:path'
import type { Logger } from 'pino'
import { makeAccept } from './accept/accept.ts'
import { type Clock, systemClock } from './clock.ts'
import { accessOf } from './config/access.ts'
import type { Config } from './config/config.ts'
import { ensureSecrets } from './config/secrets.ts'
import { missingWords } from './copy/missing-words.ts'
import { connect, createContext, stopSlackMs } from './create-context.ts'
import { dashboardPages } from './dashboard/dashboard.ts'
import { makeDeliver } from './deliver/deliver.ts'
import { channels } from './domain/notification.ts'
import { dataFolder } from './embedded/cluster.ts'
import { startEmbedded } from './embedded/embedded.ts'
import { stoppedWarning } from './guard/stopped-channels.ts'
import { type Listening, listen } from './http/listen.ts'
import { buildServer } from './http/server.ts'
import { audienceOf, notifiers } from './notifiers/index.ts'
import { openTracing } from './observe/open-tracing.ts'
import { continueCancellations } from './operate/cancel.ts'
import { continueReplay } from './operate/replay.ts'
import { digest } from './plan/digest.ts'
import { enrich } from './plan/enrich.ts'
import { makePlan } from './plan/plan.ts'
import { sandboxWarning } from './providers/index.ts'
import { notifyApps } from './record/notify-apps.ts'
import { recordWaiting } from './record/record.ts'
import { agedByDays } from './schedule/aged.ts'
import { dropLeftDays, makeContentDays } from './schedule/content-days.ts'
import { countEveryMs, countMinutes } from './schedule/count-minutes.ts'
import { heartbeatOf } from './schedule/heartbeat.ts'
import { repeat } from './schedule/repeat.ts'
import { ensureSchedules } from './schedule/run-schedule.ts'
import { sweep } from './schedule/sweep.ts'
import { fireTimer } from './schedule/timers.ts'
import { watch } from './schedule/watch.ts'
import { watchHorizon } from './schedule/watch-horizon.ts'
import { makeScheduleWork } from './schedule/work.ts'
import { sentences } from './show/provider.ts'
import { openSources } from './sources/index.ts'
import { traitsOf } from './store/backends.ts'
import { transaction } from './store/db.ts'
import { migrate } from './store/migrate.ts'
import { saveCallbackApps } from './store/notifications/callback-outbox.ts'
import { answers } from './store/readiness.ts'
import { waitForDatabase } from './store/wait-for-database.ts'

const sweepEveryMs = 5000
const healthEveryMs = 500
/** How often status changes in the outbox become callbacks. */
const notifyAppsEveryMs = 250
/** Also how often the heartbeat's URL is requested. */
const watchEveryMs = 60_000
const horizonEveryMs = 30_000
const contentDaysEveryMs = 3_600_000
const databaseStartsWithinMs = 60_000
/** How long a stop waits for the collector to take the last spans; never more than a quarter of the grace period. */
const flushMs = { least: 250, most: 2000 }

export interface Running {
  /** The base URL that it listens on. */
  url: string
  /** Stops taking work, finishes what is in flight within the grace, and releases all resources. */
  stop(): Promise<void>
}

export interface StartOptions {
  log: Logger
  /** Prints lines for people: sandbox messages, and that the service is ready. */
  print(line: string): void
  clock?: Clock
}

/** Resolves once the service is ready. Throws where the database is not available within a minute; then nothing is left running. */
export async function start(config: Config, { log, print, clock = systemClock }: StartOptions): Promise<Running> {
  await using cleanup = new AsyncDisposableStack()
  const access = await accessOf(config)
  const database = await openDatabase(config, log)
  cleanup.defer(database.stop)
  await migrate(database.ownerUrl, { folder: database.folder, log })
  const sources = openSources({
    vendors: config.sources,
    apps: access.apps,
    testApps: access.apiKeys.flatMap(({ name, isTest }) => (isTest ? name : [])),
    audienceOf,
  })
  // Set once the server listens; no message is composed before.
  let own: Listening = { url: '', links: '' }
  const publicUrl = () => config.publicUrl ?? own.links
  const tracing = await openTracing(config.tracing, log)
  // Disposed of after everything that makes spans, within what the others leave of the grace period.
  let stopAtMs = Number.POSITIVE_INFINITY
  cleanup.defer(() => {
    const leftMs = Math.min(flushMs.most, config.shutdownGraceMs / 4, stopAtMs - performance.now())
    return tracing.close(Math.max(flushMs.least, leftMs))
  })
  const parts = { log, print, clock, tracing, sources, publicUrl }
  const connections = await connect(cleanup, config, database.url, log)
  const ctx = await createContext(cleanup, { ...config, apps: access.apps }, connections, parts)
  let stopping = false
  const withoutProvider = sandboxWarning(ctx.sandbox)
  const horizon = watchHorizon(ctx.db, log)
  const server = await buildServer({
    ctx,
    trustProxy: config.trustProxy,
    graceMs: config.shutdownGraceMs,
    notReady: async () => (stopping ? ['stopping'] : (await answers(ctx.db)) ? [] : ['database']),
    warning: () => sentences(withoutProvider, stoppedWarning(ctx), horizon.warning()),
    api: config.roles.api
      ? {
          accept: makeAccept(ctx),
          ratePerMinute: config.ingressRateLimit,
          apiKeys: access.apiKeys,
          notifiers,
          dashboard: dashboardPages(ctx),
          providers: config.providers,
          publicUrl,
        }
      : null,
  })
  cleanup.defer(() => server.close())
  own = await listen(server, config)
  const { url } = own
  if (url !== own.links) log.info({ url }, 'the default port is in use: listening on a free one')
  await ensureSchedules(ctx)
  if (config.roles.worker) {
    await transaction(ctx.db, (tx) => saveCallbackApps(tx, Object.keys(ctx.callbackUrls)))
    await ctx.jobs.work('enrich', (id) => enrich(ctx, id))
    await ctx.jobs.work('plan', makePlan(ctx))
    const deliver = makeDeliver(ctx)
    for (const channel of channels) await ctx.jobs.work(channel, deliver)
    await ctx.jobs.work('digest', (id) => digest(ctx, id))
    await ctx.jobs.work('schedule', makeScheduleWork(ctx))
    await ctx.jobs.work('replay', (id) => continueReplay(ctx, id))
    await ctx.jobs.work('timer', async (id) => void (await fireTimer(ctx, id)))
    cleanup.defer(repeat(ctx, 'sweep', sweepEveryMs, () => sweep(ctx).then(() => recordWaiting(ctx))))
    cleanup.defer(repeat(ctx, 'cancel', sweepEveryMs, (isStopped) => continueCancellations(ctx, isStopped)))
    const heartbeat =
      config.heartbeatUrl === null ? null : heartbeatOf(config.heartbeatUrl, { ...config.callbacks, log })
    cleanup.defer(repeat(ctx, 'watch', watchEveryMs, () => watch(ctx, heartbeat)))
    await makeContentDays(ctx)
    const keepDays = async () => {
      await makeContentDays(ctx)
      await dropLeftDays(ctx, agedByDays(ctx))
    }
    cleanup.defer(repeat(ctx, 'content days', contentDaysEveryMs, keepDays))
    cleanup.defer(repeat(ctx, 'counts', countEveryMs, () => countMinutes(ctx)))
    cleanup.defer(repeat(ctx, 'health', healthEveryMs, () => ctx.health.tick()))
    if (ctx.routes.callback.length > 0)
      cleanup.defer(repeat(ctx, 'callbacks', notifyAppsEveryMs, () => notifyApps(ctx)))
  } else cleanup.defer(repeat(ctx, 'health', sweepEveryMs, () => ctx.health.refresh()))
  if (traitsOf(config.databaseBackend).hasHorizon)
    cleanup.defer(repeat(ctx, 'horizon', horizonEveryMs, () => horizon.look()))
  log.info({ url, roles: config.roles }, 'ready')
  for (const text of [withoutProvider, ...missingWords()].filter((one) => one !== null)) {
    log.warn(text === withoutProvider ? { alert: true } : {}, text)
    print(text)
  }
  print(`Posthorn is ready at ${url}`)
  const running = cleanup.move()
  return {
    url,
    async stop() {
      stopping = true
      stopAtMs = performance.now() + config.shutdownGraceMs - stopSlackMs
      log.info({ graceMs: config.shutdownGraceMs }, 'stopping')
      // No job is fetched from here on. Then, in the reverse order of the start: sweeps and requests stop, jobs in flight
      // end, the database closes.
      ctx.jobs.stopFetching()
      await running.disposeAsync()
      log.info('stopped')
    },
  }
}

export interface Database {
  url: string
  /** The role that migrates the schema. */
  ownerUrl: string
  /** The data folder of the embedded database; null for a configured one. */
  folder: string | null
  stop(): Promise<void>
}

/** Waits for the configured Postgres, or starts the embedded one. */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  const { databaseUrl, databaseBackend: backend } = config
  if (!databaseUrl) {
    const { databasePassword } = await ensureSecrets(config.dataDir)
    const embedded = await startEmbedded({ dataDir: config.dataDir, password: databasePassword, log })
    return { ...embedded, folder: dataFolder(path.resolve(config.dataDir)) }
  }
  await waitForDatabase(databaseUrl, { withinMs: databaseStartsWithinMs, backend, log })
  return { url: databaseUrl, ownerUrl: databaseUrl, folder: null, stop: async () => {} }
}
