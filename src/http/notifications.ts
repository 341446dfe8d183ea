// Questions about notifications: did the customer get it, and if not, why not?
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { channels, states } from '../domain/notification.ts'
import { showMessage, showNotification } from '../privacy/shown-notification.ts'
import type { ReceiptRow } from '../store/attempts/receipts.ts'
import {
  type AttemptRow,
  findNotification,
  listNotifications,
  type NotificationAudit,
} from '../store/notifications/list.ts'
import { recordReveal } from '../store/people/access-log.ts'
import { hasRight, type RequireRight } from './auth.ts'
import { listAnswer, pageOf, pageQuery, textQuery, timeQuery } from './page.ts'
import { notFound } from './problem.ts'
import { isoOrNull, shape } from './shapes.ts'
import { timelineOf } from './timeline.ts'

const reveal = z.stringbool().default(false).describe('Show addresses to a viewer; the access is recorded.')

const listQuery = z.strictObject({
  // A plus that was not encoded comes as a blank.
  recipient: textQuery
    .transform((text) => text.replace(/^ (?=\d)/, '+'))
    .optional()
    .describe('An id or an address.'),
  reference: textQuery.optional(),
  notifier: textQuery.optional(),
  channel: z.enum(channels).optional(),
  state: z.enum(states).optional(),
  provider: textQuery.optional(),
  event_type: textQuery.optional().describe('Ours or the vendor’s.'),
  source: textQuery.optional(),
  since: timeQuery,
  until: timeQuery,
  reveal,
  ...pageQuery,
})

const oneQuery = z.strictObject({ include: z.enum(['message']).optional(), reveal })

export function notificationRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/notifications',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'Notifications, newest first',
          querystring: listQuery,
          response: { 200: z.object({ data: z.array(shape.notification), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { limit, cursor, reveal, ...filter } = request.query
        const show = await revealing(ctx, request.caller, reveal, 'notifications')
        const rows = await listNotifications(ctx.db, filter, pageOf({ limit, cursor }))
        return listAnswer(
          rows,
          limit,
          (row) => ({ at: row.created_at, id: row.id }),
          (row) => showNotification(row, show),
        )
      },
    )
    server.get(
      '/v1/notifications/:id',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'One notification with its attempts, receipts and timeline',
          params: z.object({ id: z.string() }),
          querystring: oneQuery,
          response: { 200: shape.notificationAudit },
        },
      },
      async (request) => {
        const { id } = request.params
        const found = z.uuid().safeParse(id).success ? await findNotification(ctx.db, id) : null
        if (!found) throw notFound('There is no notification of this id.')
        const show = await revealing(ctx, request.caller, request.query.reveal, `notification ${id}`)
        const { message } = found
        const mayAct = hasRight(request.caller.role, 'act')
        return {
          ...showAudit(found, show, ctx.clock.now()),
          ...(request.query.include === 'message' && {
            message: message && showMessage(message, { reveal: show, mayAct }),
          }),
        }
      },
    )
  }
}

/** Whether this caller sees addresses; where a viewer asks for it, that is recorded first. */
export async function revealing(
  ctx: Ctx,
  caller: { name: string; role: string },
  asked: boolean,
  subject: string,
): Promise<boolean> {
  if (caller.role === 'operator') return true
  if (asked) await recordReveal(ctx.db, { at: ctx.clock.now(), keyName: caller.name, subject })
  return asked
}

/** One with its attempts, receipts and timeline. */
export function showAudit(
  found: NotificationAudit,
  reveal: boolean,
  now: Date,
): Omit<z.input<typeof shape.notificationAudit>, 'message'> {
  return {
    ...showNotification(found.notification, reveal),
    words: found.notification.words,
    attempts: found.attempts.map(showAttempt),
    receipts: found.receipts.map(showReceipt),
    timeline: timelineOf(found, now).map((entry) => ({ ...entry, at: entry.at.toISOString() })),
  }
}

function showAttempt(a: AttemptRow): z.input<typeof shape.attempt> {
  return {
    number: a.number,
    round: a.round,
    provider: a.provider,
    why: a.why,
    outcome: a.outcome,
    blame: a.blame,
    statusCode: a.status_code,
    errorCode: a.error_code,
    error: a.outcome === 'accepted' ? null : a.error,
    providerMessageId: a.provider_message_id,
    startedAt: a.started_at.toISOString(),
    latencyMs: a.ended_at ? a.ended_at.getTime() - a.started_at.getTime() : null,
  }
}

function showReceipt(r: ReceiptRow): z.input<typeof shape.notificationAudit>['receipts'][number] {
  return {
    provider: r.provider,
    kind: r.kind,
    at: isoOrNull(r.at),
    receivedAt: r.received_at.toISOString(),
    providerMessageId: r.provider_message_id,
    code: r.code,
    text: r.text,
  }
}
