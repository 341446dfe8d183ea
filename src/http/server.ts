// The HTTP server: its limits, its hooks and its routes with the right that each requires.
import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Ctx } from '../context.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { acceptOnlyJson } from './accept-json.ts'
import { serveAsset, serveIcon } from './assets.ts'
import { keysOf, requireRights } from './auth.ts'
import { dashboard } from './dashboard/dashboard.ts'
import type { DashboardPages } from './dashboard/page.ts'
import { parseQuery } from './few-names.ts'
import { warnOfForwarding } from './forwarded.ts'
import { type BodyLimits, continueLate, limitOpenBodies } from './open-bodies.ts'
import { openApiOptions } from './openapi/document.ts'
import { pageHeaders } from './pages/page.tsx'
import { problemsPage } from './pages/problems-page.tsx'
import { limitPipelining } from './pipelining.ts'
import { answerProblems, problemsPath } from './problems/answer-problems.ts'
import { outsideRoutes, refuseWhileClosing } from './problems/outside-routes.ts'
import { countRefusals } from './problems/refusals.ts'
import { actionRoutes } from './routes/actions.ts'
import { copyRoutes } from './routes/copy.ts'
import { eventRoutes } from './routes/events.ts'
import { type ExplainOptions, explainRoutes } from './routes/explain.ts'
import { type HealthOptions, health } from './routes/health.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { notifierRoutes } from './routes/notifiers.ts'
import { openApiRoutes } from './routes/openapi.ts'
import { preferenceRoutes } from './routes/preferences.ts'
import { providerRoutes } from './routes/providers.ts'
import { type ReceiptOptions, receipts } from './routes/receipts.ts'
import { recipientRoutes } from './routes/recipients.ts'
import { replayRoutes } from './routes/replays.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { suppressionRoutes } from './routes/suppressions.ts'
import { unsubscribePages } from './routes/unsubscribe.ts'
import { type WebhookOptions, webhooks } from './routes/webhooks.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { shareTurns } from './turns.ts'
import { unchanging } from './unchanging.ts'
import { endUnreadBodies } from './unread-bodies.ts'
import { endUnusedConnections } from './unused-connections.ts'
import { maskForViewers } from './viewer.ts'

export interface ServerOptions extends Pick<HealthOptions, 'notReady'>, Partial<Pick<HealthOptions, 'warning'>> {
  ctx: Ctx
  /** Null in a process that only works: it serves its health probes alone. */
  api:
    | (Omit<WebhookOptions & ReceiptOptions & ExplainOptions, 'ctx' | 'requireRight' | 'refuse' | 'refusalLog'> & {
        notifiers: Notifier[]
        dashboard: DashboardPages
      })
    | null
  trustProxy: boolean | number | string[]
  /** The longest time that shutdown may take. */
  graceMs: number
  timeLimits?: TimeLimits
  bodyLimits?: BodyLimits
}

/** How long a sender may take; after that it is answered 408, or its connection is closed. */
export interface TimeLimits {
  headersMs: number
  /** The whole request, including its body. */
  requestMs: number
  /**
   * A connection on which nothing was sent or read for this long is cut, as its client does not read its answer; not during work
   * that may take longer.
   */
  silentMs?: number
}

const usualTimeLimits: TimeLimits = { headersMs: 30_000, requestMs: 60_000, silentMs: 120_000 }

/** Of calls with small bodies; those that take events or reports have limits of their own. */
const maxBodyBytes = 128 * 1024

export async function buildServer({
  ctx,
  api,
  notReady,
  warning = () => null,
  trustProxy,
  graceMs,
  timeLimits = usualTimeLimits,
  bodyLimits,
}: ServerOptions): Promise<FastifyInstance> {
  const server: FastifyInstance = fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    // Fastify logs the URL, whose query may hold an address.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    bodyLimit: maxBodyBytes,
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
    routerOptions: { maxParamLength: 1000, querystringParser: parseQuery },
    forceCloseConnections: 'idle',
    requestTimeout: timeLimits.requestMs,
    connectionTimeout: timeLimits.silentMs,
    // Node checks the time limits at this interval only; its default is 30 s.
    http: {
      headersTimeout: timeLimits.headersMs,
      connectionsCheckingInterval: Math.min(1000, timeLimits.headersMs),
    },
    ...outsideRoutes(() => server),
  })
  limitPipelining(server)
  shareTurns(server.server)
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  acceptOnlyJson(server)
  setSecurityHeaders(server, ctx.publicUrl)
  answerProblems(server, ctx.publicUrl)
  endUnusedConnections(server, graceMs)
  refuseWhileClosing(server)
  endUnreadBodies(server)
  continueLate(server)
  limitOpenBodies(server, bodyLimits)
  warnOfForwarding(server, trustProxy)
  server.addHook('onResponse', async (request, reply) => {
    const fields = { route: request.routeOptions.url, method: request.method, status: reply.statusCode }
    const code = reply.problemCode ?? undefined
    request.log.debug({ ...fields, code, ms: Math.round(reply.elapsedTime) }, 'request answered')
  })
  if (api) await server.register(swagger, openApiOptions)
  await server.register(health, { metrics: ctx.metrics, notReady, warning })
  if (!api) return server

  maskForViewers(server)
  const refusals = await countRefusals(server)
  const keyOf = keysOf(api.apiKeys)
  const refuseKey = refusals.by(() => 'key')
  const requireRight = requireRights(keyOf, refuseKey)
  await server.register(webhooks, { ...api, ctx, requireRight, refusalLog: refusals.log })
  await server.register(receipts, { ...api, ctx, refuse: refusals.by(providerOf(api.providers)) })
  const sheet = await serveAsset(server, 'look.css')
  const script = await serveAsset(server, 'dashboard.js')
  await serveIcon(server)
  await server.register(unsubscribePages, {
    ctx,
    sheet,
    ratePerMinute: api.ratePerMinute,
    refuse: refusals.by(() => 'link'),
  })
  await server.register(notificationRoutes(ctx, requireRight))
  await server.register(eventRoutes(ctx, requireRight))
  await server.register(explainRoutes({ ...api, ctx, requireRight }))
  await server.register(actionRoutes(ctx, requireRight))
  await server.register(replayRoutes(ctx, requireRight))
  await server.register(providerRoutes(ctx, requireRight))
  await server.register(scheduleRoutes(ctx, requireRight))
  await server.register(suppressionRoutes(ctx, requireRight))
  await server.register(preferenceRoutes(ctx, requireRight))
  await server.register(recipientRoutes(ctx, requireRight))
  await server.register(notifierRoutes(ctx, api.notifiers, requireRight))
  await server.register(copyRoutes(ctx, api.notifiers, requireRight))
  await server.register(dashboard, {
    prefix: '/dashboard',
    ...{ ctx, keyOf, apiKeys: api.apiKeys, pages: api.dashboard, assets: { sheet, script } },
    refuse: refuseKey,
  })
  const problems = () => problemsPage(ctx.defaults.brand.name, `../${sheet}`)
  server.get(problemsPath, { schema: { hide: true } }, unchanging(pageHeaders, problems))
  await server.register(openApiRoutes(ctx, [sheet, await serveAsset(server, 'docs.css')]))
  return server
}

/** The provider that a report names; unknown ones are counted as one. */
function providerOf(providers: ReceiptOptions['providers']): (request: FastifyRequest) => string {
  return ({ params }) => {
    const { provider } = params as { provider: string }
    return providers.has(provider) ? provider : 'unknown'
  }
}
