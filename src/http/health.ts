// The liveness and readiness probes; neither needs an API key.
import type { FastifyInstance } from 'fastify'

export interface HealthOptions {
  /** What is not ready, by name; an empty list means ready. */
  notReady(): Promise<string[]>
}

export async function health(server: FastifyInstance, { notReady }: HealthOptions): Promise<void> {
  server.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  server.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const missing = await notReady()
    if (missing.length === 0) return { status: 'ready' }
    return reply.code(503).header('retry-after', 5).send({ status: 'not ready', missing })
  })
}
