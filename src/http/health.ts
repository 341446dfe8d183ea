// The liveness and readiness probes and the metrics, which every process serves; none needs an API key.
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../observe/metrics.ts'

export interface HealthOptions {
  metrics: Pick<Metrics, 'text' | 'contentType'>
  /** What is not ready, by name; an empty list means ready. */
  notReady(): Promise<string[]>
  /** What an operator should know of a service that is ready. */
  warning: string | null
}

export async function health(server: FastifyInstance, { metrics, notReady, warning }: HealthOptions): Promise<void> {
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  server.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  server.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const missing = await notReady()
    if (missing.length === 0) return { status: 'ready', ...(warning && { warning }) }
    return reply.code(503).header('retry-after', 5).send({ status: 'not ready', missing })
  })
}
