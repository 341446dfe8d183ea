// The routes of the OpenAPI document, and of the page that shows it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import type { Described } from '../openapi/described.ts'
import { docsPage } from '../pages/docs/docs-page.tsx'
import { pageHeaders } from '../pages/page.tsx'
import { unchanging } from '../unchanging.ts'

const openApi = z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi', description: 'OpenAPI 3.1.' })

/** `sheets`: the URLs of the page's style sheets, relative to the base. */
export function openApiRoutes(ctx: Ctx, sheets: string[]): FastifyPluginAsyncZod {
  return async (server) => {
    const tags = ['Service']
    server.get(
      '/openapi.json',
      {
        schema: {
          operationId: 'getOpenApi',
          tags,
          summary: 'This document',
          response: { 200: openApi },
        },
      },
      unchanging({ 'content-type': 'application/json; charset=utf-8' }, () =>
        JSON.stringify({ ...server.swagger(), servers: [{ url: ctx.publicUrl() }] }),
      ),
    )
    server.get(
      '/docs',
      {
        schema: {
          operationId: 'getDocs',
          tags,
          summary: 'This document, for people',
          response: { 200: { description: 'OK', content: { 'text/html': { schema: z.string() } } } },
        },
      },
      unchanging(pageHeaders, () =>
        docsPage(server.swagger() as unknown as Described, ctx.defaults.brand.name, sheets),
      ),
    )
  }
}
