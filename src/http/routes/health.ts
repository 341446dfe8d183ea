// The liveness and readiness probes and the metrics, which every process serves; none needs an API key.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Metrics } from '../../observe/metrics.ts'
import { shared } from '../../observe/shared.ts'

export interface HealthOptions {
  metrics: Pick<Metrics, 'text' | 'contentType'>
  /** What is not ready, by name; an empty list means ready. */
  notReady(): Promise<string[]>
  /** What an operator should know of a service that is ready; null for nothing. */
  warning(): string | null
}

const alive = z.object({ status: z.literal('alive') }).meta({ id: 'Alive' })
const ready = z.object({ status: z.literal('ready'), warning: z.string().optional() }).meta({ id: 'Ready' })
const missingShape = z.array(z.string()).describe('What is not ready.')
const unready = z.object({ status: z.literal('not ready'), missing: missingShape }).meta({ id: 'NotReady' })

export const health: FastifyPluginAsyncZod<HealthOptions> = async (server, { metrics, notReady, warning }) => {
  const tags = ['Service']
  // Those who ask at the same time share the check: it asks the database.
  const check = shared(notReady)
  server.get(
    '/healthz',
    {
      schema: { operationId: 'getHealth', tags, summary: 'Whether the process is alive', response: { 200: alive } },
    },
    async () => ({ status: 'alive' as const }),
  )
  server.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Whether the process can do its work',
        response: { 200: ready, 503: unready },
      },
    },
    async (_request, reply) => {
      const missing = await check()
      const said = warning()
      if (missing.length === 0) return { status: 'ready' as const, ...(said && { warning: said }) }
      return reply.code(503).header('retry-after', 5).send({ status: 'not ready', missing })
    },
  )
  server.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags,
        summary: 'Metrics in the text format of Prometheus',
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  )
}
