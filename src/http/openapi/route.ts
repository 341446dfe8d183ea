// The route of the OpenAPI document.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'

export function openApiRoute(ctx: Ctx): FastifyPluginAsyncZod {
  return async (server) => {
    const schema = {
      operationId: 'getOpenApi',
      tags: ['Service'],
      summary: 'This document',
      response: { 200: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi', description: 'OpenAPI 3.1.' }) },
    }
    server.get('/openapi.json', { schema }, async () => ({
      ...(server.swagger() as { openapi: string }),
      servers: [{ url: ctx.publicUrl() }],
    }))
  }
}
