// The routes that list the notifiers, with their schemas and samples, and preview their messages.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { channelOf, previewFormats, previewOf } from '../copy/preview.ts'
import { localeOf } from '../domain/locale.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { withVendorTypes } from '../sources/index.ts'
import { draftedCopy, publishedCopy } from '../store/people/copy.ts'
import { fieldsOnly } from '../wire/fields-only.ts'
import type { RequireRight } from './auth.ts'
import { flagQuery, wholeListShape } from './page.ts'
import { notFound } from './problem.ts'
import { shape } from './shapes.ts'

const previewQuery = fieldsOnly({
  format: z.enum(previewFormats).default('html'),
  locale: z
    .string()
    .transform((text, context) => {
      const locale = localeOf(text)
      if (locale === null && text !== '')
        context.addIssue({ code: 'custom', message: 'must be a locale, such as en-GB' })
      return locale ?? undefined
    })
    .optional(),
  draft: flagQuery('Use the drafts of its copy as if they were published.'),
})

export function notifierRoutes(ctx: Ctx, notifiers: Notifier[], requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/notifiers',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listNotifiers',
          tags: ['Notifiers'],
          summary: 'The notifiers, with their schemas and samples',
          response: { 200: wholeListShape('NotifierList', shape.notifier) },
        },
      },
      async () => ({ data: notifiers.map(showNotifier), nextCursor: null }),
    )
    server.get(
      '/v1/notifiers/:name/preview',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'previewNotifier',
          tags: ['Notifiers'],
          summary: 'Preview a notifier’s message, rendered with its sample',
          params: z.object({ name: z.string() }),
          querystring: previewQuery,
          problems: ['not_found'],
          response: {
            200: {
              description: 'The email’s HTML or plain text, or the SMS',
              content: { 'text/html': { schema: z.string() }, 'text/plain': { schema: z.string() } },
            },
          },
        },
      },
      async (request, reply) => {
        const notifier = notifiers.find((n) => n.name === request.params.name)
        if (!notifier) throw notFound('No notifier has this name.')
        const { format } = request.query
        const channel = channelOf(format)
        if (!notifier.channels.includes(channel)) throw notFound(`${notifier.name} has no ${channel}.`)
        const shown = await preview(ctx, notifier, request.query)
        return reply.type(format === 'html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8').send(shown)
      },
    )
  }
}

async function preview(
  ctx: Ctx,
  notifier: Notifier,
  { format, locale, draft }: z.output<typeof previewQuery>,
): Promise<string> {
  const published = draft
    ? await draftedCopy(ctx.reads.db, notifier.name)
    : (await publishedCopy(ctx.reads.db, [notifier]))(notifier.name)
  const { content, used } = await previewOf(ctx.defaults, notifier, { format, locale, published })
  const versions = [used, ...(used.rest ?? [])]
  if (draft && !versions.some(({ version }) => version === 0))
    throw notFound('This notifier has no draft for this locale.')
  return content
}

function showNotifier(notifier: Notifier): z.input<typeof shape.notifier> {
  return {
    name: notifier.name,
    on: withVendorTypes(notifier.on),
    channels: notifier.channels,
    category: notifier.category,
    schema: z.toJSONSchema(notifier.schema, { io: 'input', unrepresentable: 'any' }),
    sample: notifier.sample,
  }
}
