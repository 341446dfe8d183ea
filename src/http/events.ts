// Questions about events: what came in, and what became of it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { reason, reasonOf } from '../domain/reason.ts'
import { maskText } from '../privacy/mask.ts'
import { showNotification } from '../privacy/shown-notification.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { auditEvent, type Counts, listEvents } from '../store/events/list.ts'
import type { RequireRight } from './auth.ts'
import { revealing } from './notifications.ts'
import { listAnswer, pageOf, pageQuery, textQuery, timeQuery } from './page.ts'
import { notFound } from './problem.ts'
import { shape } from './shapes.ts'

const notificationsShown = 100

const listQuery = z.strictObject({
  type: textQuery.optional().describe('Ours or the vendor’s.'),
  source: textQuery.optional(),
  status: z.enum(['accepted', 'planned', 'ignored', 'failed']).optional(),
  reference: textQuery.optional(),
  since: timeQuery,
  until: timeQuery,
  ...pageQuery,
})

export function eventRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/events',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'Events, newest first',
          querystring: listQuery,
          response: { 200: z.object({ data: z.array(shape.event), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { limit, cursor, ...filter } = request.query
        const rows = await listEvents(ctx.db, filter, pageOf({ limit, cursor }))
        return listAnswer(
          rows,
          limit,
          ({ event }) => ({ at: event.receivedAt, id: event.id }),
          ({ event, counts }) => showEvent(event, counts),
        )
      },
    )
    server.get(
      '/v1/events/:id',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'One event with its raw body, its notifications, and why others were not made',
          params: z.object({ id: z.string() }),
          querystring: z.strictObject({ reveal: z.stringbool().default(false) }),
          response: { 200: shape.eventAudit },
        },
      },
      async (request) => {
        const { id } = request.params
        const found = z.uuid().safeParse(id).success ? await auditEvent(ctx.db, id, notificationsShown) : null
        if (!found) throw notFound('There is no event of this id.')
        const show = await revealing(ctx, request.caller, request.query.reveal, `event ${id}`)
        const { event, counts, notifications, omissions, timers } = found
        const body = found.raw?.toString() ?? null
        return {
          ...showEvent(event, counts),
          body: body === null || show ? body : maskText(body),
          ...(body === null && { bodyReason: reason('retention') }),
          notifications: notifications.map((row) => showNotification(row, show)),
          omissions: omissions.map((row) => ({
            notifier: row.notifier,
            channel: row.channel,
            reason: { code: row.reason_code, text: row.reason_text },
          })),
          timers: timers.map((row) => ({
            emits: row.emits,
            dueAt: row.due_at.toISOString(),
            firedAt: row.fired_at?.toISOString() ?? null,
            stoppedAt: row.stopped_at?.toISOString() ?? null,
            reason: reasonOf(row.reason_code, row.reason_text),
          })),
        }
      },
    )
  }
}

function showEvent(event: StoredEvent, counts: Counts): z.input<typeof shape.event> {
  return {
    id: event.id,
    source: event.source,
    sourceId: event.sourceId,
    type: event.type,
    sourceType: event.sourceType,
    status: event.status,
    reason: event.reason,
    reference: event.reference,
    livemode: event.livemode,
    receivedAt: event.receivedAt.toISOString(),
    counts: counts as Record<string, number>,
  }
}
