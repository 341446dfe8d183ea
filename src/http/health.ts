// The liveness and readiness probes; neither needs an API key.
import type { FastifyInstance } from 'fastify'

export interface HealthOptions {
  /** What is not ready, by name; an empty list means ready. */
  notReady(): Promise<string[]>
  /** What an operator should know of a service that is ready; null for nothing. */
  warning(): string | null
}

export async function health(server: FastifyInstance, { notReady, warning }: HealthOptions): Promise<void> {
  server.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  server.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const missing = await notReady()
    const said = warning()
    if (missing.length === 0) return { status: 'ready', ...(said && { warning: said }) }
    return reply.code(503).header('retry-after', 5).send({ status: 'not ready', missing })
  })
}
