// Alive, and ready: for load balancers and people. No key is asked.
import type { FastifyInstance } from 'fastify'

export interface HealthOptions {
  /** Names what is not ready; an empty list is ready. */
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
