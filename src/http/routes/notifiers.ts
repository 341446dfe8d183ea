// The routes that list the notifiers, with their schemas and samples, and preview their messages.
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { channelOf, previewFormats, previewOf } from '../../copy/preview.ts'
import type { DataFault } from '../../domain/event.ts'
import { localeOf } from '../../domain/locale.ts'
import type { Notifier } from '../../notifiers/notifier.ts'
import { withVendorTypes } from '../../sources/index.ts'
import { draftedCopy, publishedCopy } from '../../store/people/copy.ts'
import { dataFaults } from '../../wire/data-limits.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import type { Fields } from '../../wire/json.ts'
import { schemaFaults } from '../../wire/schema-faults.ts'
import { flagQuery, wholeListShape } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { notFound, sendProblem } from '../problems/problem.ts'

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

type PreviewQuery = z.output<typeof previewQuery>

const previewBody = fieldsOnly({
  data: z.record(z.string(), z.unknown()).describe('The data of an event, in place of the sample’s.'),
}).meta({ id: 'PreviewData' })

const previewed = {
  description: 'The email’s HTML or plain text, or the SMS',
  content: { 'text/html': { schema: z.string() }, 'text/plain': { schema: z.string() } },
}

const maxFaults = 100
/** An email has its styles in itself, and its pictures anywhere. */
const emailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export function notifierRoutes(ctx: Ctx, notifiers: Notifier[], requireRight: RequireRight): FastifyPluginAsyncZod {
  const find = (name: string, { format }: PreviewQuery): Notifier => {
    const notifier = notifiers.find((one) => one.name === name)
    if (!notifier) throw notFound('No notifier has this name.')
    const channel = channelOf(format)
    if (!notifier.channels.includes(channel)) throw notFound(`${notifier.name} has no ${channel}.`)
    return notifier
  }
  const answer = async (reply: FastifyReply, notifier: Notifier, query: PreviewQuery) => {
    const shown = await preview(ctx, notifier, query)
    if (query.format !== 'html') return reply.type('text/plain; charset=utf-8').send(shown)
    return reply.type('text/html; charset=utf-8').header('content-security-policy', emailPolicy).send(shown)
  }
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
          response: { 200: previewed },
        },
      },
      async (request, reply) => answer(reply, find(request.params.name, request.query), request.query),
    )
    server.post(
      '/v1/notifiers/:name/preview',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'previewData',
          tags: ['Notifiers'],
          summary: 'Preview a notifier’s message, rendered with the given data; nothing is stored or sent',
          params: z.object({ name: z.string() }),
          querystring: previewQuery,
          body: previewBody,
          problems: ['not_found', 'event_invalid'],
          response: { 200: previewed },
        },
      },
      async (request, reply) => {
        const notifier = find(request.params.name, request.query)
        const { data } = request.body
        const errors = await faultsOf(notifier, data)
        const detail = `The data does not fit what ${notifier.name} needs.`
        if (errors.length > 0) return sendProblem(reply, { code: 'event_invalid', detail, errors })
        return answer(reply, { ...notifier, sample: { ...notifier.sample, data } }, request.query)
      },
    )
  }
}

async function preview(ctx: Ctx, notifier: Notifier, { format, locale, draft }: PreviewQuery): Promise<string> {
  const published = draft
    ? await draftedCopy(ctx.reads.db, notifier.name)
    : (await publishedCopy(ctx.reads.db, [notifier]))(notifier.name)
  const { content, used } = await previewOf(ctx.defaults, notifier, { format, locale, published })
  const versions = [used, ...(used.rest ?? [])]
  if (draft && !versions.some(({ version }) => version === 0))
    throw notFound('This notifier has no draft for this locale.')
  return content
}

async function faultsOf({ schema }: Notifier, data: Fields): Promise<DataFault[]> {
  const faults = dataFaults(data, maxFaults).map(({ path, message }) => ({
    path: ['data', ...path].join('.'),
    message,
  }))
  return faults.length > 0 ? faults : schemaFaults(schema, { data, recipients: [] }, { maxFaults })
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
