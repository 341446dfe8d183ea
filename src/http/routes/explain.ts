// The route that explains what an event would do, without storing or sending anything.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiKey } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { copyUsedBy, type Message } from '../../domain/notification.ts'
import type { Forecast } from '../../operate/explain.ts'
import { type Explained, explain } from '../../operate/explain.ts'
import { addBody, type KnownAddresses, noKnownAddresses } from '../../privacy/known-addresses.ts'
import { maskAddress, maskAll } from '../../privacy/mask.ts'
import { showCause, unavailableText } from '../../show/causes.ts'
import { showId } from '../../show/notification.ts'
import { showReason } from '../../show/reason.ts'
import { vendorSources } from '../../sources/index.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { parseInTurns } from '../../wire/large-json.ts'
import { mebibyte } from '../../wire/sizes.ts'
import { flagQuery } from '../answers/page.ts'
import { isoOrNull, shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { postedEvent } from '../openapi/event-schemas.ts'
import { notFound, sendProblem } from '../problems/problem.ts'
import { maySee, recordReveal, recordSearch } from '../viewer.ts'
import { messageFor } from './notifications.ts'
import { bodyOf, sourceIdOf, takeRawJson } from './webhooks.ts'

export interface ExplainOptions {
  ctx: Ctx
  apiKeys: ApiKey[]
  requireRight: RequireRight
}

const forecast = shape.notification
  .pick({
    notifier: true,
    category: true,
    channel: true,
    to: true,
    recipientId: true,
    state: true,
    reason: true,
    priority: true,
    scheduledFor: true,
    expiresAt: true,
  })
  .extend({
    locale: z.string(),
    timezone: z.string(),
    provider: z
      .object({ name: z.string(), cause: z.string(), why: z.string() })
      .nullable()
      .describe('The provider that would be called first, by its current health.'),
    route: z.array(z.object({ name: z.string(), passedOver: z.string().nullable() })),
    words: shape.notificationAudit.shape.words,
    message: shape.notificationAudit.shape.message,
    messageReason: shape.notificationAudit.shape.messageReason,
  })
  .meta({ id: 'Forecast', description: 'A notification that the event would make.' })

const explained = z
  .object({
    ...shape.event.pick({ type: true, sourceType: true, source: true, reference: true, reason: true }).shape,
    status: z.enum(['accepted', 'ignored', 'failed']),
    hint: z.string().optional().describe('What the sender may have meant instead, or not expect.'),
    duplicate: z.boolean(),
    eventId: z.string().nullable().describe('The event that it duplicates.'),
    notifications: z.array(forecast).describe('The first 100.'),
    counts: shape.event.shape.counts.describe('All notifications by state.'),
    omissions: shape.eventAudit.shape.omissions.describe(
      'Notifications that would not be made, and why; the first 100.',
    ),
    omitted: shape.eventAudit.shape.omitted,
    timers: z
      .array(shape.eventAudit.shape.timers.element.pick({ emits: true, dueAt: true, reason: true }))
      .describe('Events that it would emit later; `reason` where that is already stopped.'),
  })
  .meta({ id: 'Explanation', description: 'What an event would do now.' })

export function explainRoutes({ ctx, apiKeys, requireRight }: ExplainOptions): FastifyPluginAsyncZod {
  const { sources } = ctx
  const isSource = (name: string) =>
    (sources.vendor(name) ?? sources.app(name)) !== null || apiKeys.some((key) => key.name === name)
  const vendors = vendorSources.map(({ name }) => `\`${name}\``).join(' or ')
  return async (server) => {
    takeRawJson(server)
    server.post(
      '/v1/explain',
      {
        bodyLimit: 10 * mebibyte,
        onRequest: requireRight('read'),
        schema: {
          operationId: 'explainEvent',
          tags: ['Events'],
          summary: 'Explain what an event would do; nothing is stored or sent',
          problems: ['not_an_event', 'not_found', 'event_invalid', 'event_too_much'],
          querystring: fieldsOnly({
            source: z.string().min(1).optional().describe(`The event’s source: an app, ${vendors}.`),
            reveal: flagQuery('Show addresses to a viewer; the access is recorded.'),
          }),
          body: z
            .custom<Buffer>(Buffer.isBuffer, 'must be an event')
            .meta({ description: 'An event, or the vendor’s own body.', anyOf: [postedEvent, { type: 'object' }] }),
          response: { 200: explained },
        },
      },
      async (request, reply) => {
        const name = request.query.source ?? request.caller.name
        if (!isSource(name)) throw notFound('No source has this name: neither a vendor, nor an app, nor an API key.')
        const raw = bodyOf(request)
        // Unlike an app's event, a vendor's is parsed in one turn of the event loop.
        if (sources.vendor(name) && raw.length > mebibyte)
          return sendProblem(reply, {
            code: 'body_too_large',
            detail: 'An event of a vendor may have 1 MiB, as its webhook.',
          })
        request.isMasked = true
        const { translate, reportsFaultsToSender } = sources.named(name)
        const translation = await translate(raw)
        const sourceId = sourceIdOf(request, translation)
        // What would be suppressed or is made already says something of each address that is asked for.
        const recipients = translation.ok ? translation.content.recipients : []
        const asked = recipients.flatMap(({ id, email, phone }) => [id, email, phone])
        await recordSearch(ctx, request, 'an event explained', asked)
        const found = await explain(ctx, {
          source: name,
          sourceId,
          raw,
          translation,
          reportsFaultsToSender,
        })
        if (!found.ok) return sendProblem(reply, found)
        const { reveal } = request.query
        const hiding =
          request.caller.role === 'operator' ? null : await addBody(noKnownAddresses(), await parseInTurns(raw))
        if (hiding && reveal) await recordReveal(ctx, request, 'an event explained', hiding.written)
        return show(found, hiding && !maySee(request, reveal) ? hiding : null, (message) =>
          messageFor(request, reveal, message),
        )
      },
    )
  }
}

type ShowMessage = (message: Message | null) => ReturnType<typeof messageFor>

async function show(
  { event, first, forecasts, ...found }: Explained,
  hiding: KnownAddresses | null,
  showMessage: ShowMessage,
): Promise<z.input<typeof explained>> {
  const shown = {
    type: event.type,
    sourceType: event.sourceType,
    source: event.source,
    status: found.status,
    reason: showReason(found.reason),
    reference: event.reference,
    ...(found.hint && { hint: found.hint }),
    duplicate: first !== null,
    eventId: first?.id ?? null,
    notifications: forecasts.map((one) => ({ ...showForecast(one, hiding), ...showMessage(one.message) })),
    counts: found.counts,
    omitted: found.omitted,
    omissions: found.omissions.map(({ notifier, channel, reason }) => ({
      notifier,
      channel,
      reason: showReason(reason),
    })),
    timers: found.timers.map((timer) => ({
      emits: timer.emits,
      dueAt: timer.dueAt.toISOString(),
      reason: showReason(timer.reason),
    })),
  }
  return hiding ? maskAll(shown, hiding) : shown
}

function showForecast(n: Forecast, hiding: KnownAddresses | null): Omit<z.input<typeof forecast>, 'message'> {
  return {
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    to: n.to && hiding ? maskAddress(n.to) : n.to,
    recipientId: showId(n.recipientId, hiding),
    locale: n.locale,
    timezone: n.timezone,
    state: n.state,
    reason: showReason(n.reason),
    priority: n.priority,
    scheduledFor: isoOrNull(n.scheduledFor),
    expiresAt: isoOrNull(n.expiresAt),
    provider: n.provider && { name: n.provider.name, ...showCause(n.provider.name, n.provider.cause) },
    route: n.route.map(({ name, passedOver }) => ({
      name,
      passedOver: passedOver && unavailableText(name, passedOver),
    })),
    words: copyUsedBy(n.message),
  }
}
