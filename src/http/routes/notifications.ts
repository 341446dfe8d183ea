// The routes that search notifications and show one with its attempts, receipts and timeline.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { emailOf } from '../../domain/email-address.ts'
import type { Message } from '../../domain/notification.ts'
import { phoneOf } from '../../domain/phone-number.ts'
import { reason } from '../../domain/reason.ts'
import { addAddresses, type KnownAddresses } from '../../privacy/known-addresses.ts'
import { knownByEvent, maxBytesOfMany } from '../../privacy/known-by-event.ts'
import { showMessage, showNotificationTo } from '../../show/notification.ts'
import { showReason } from '../../show/reason.ts'
import { findNotification, type NotificationRow } from '../../store/notifications/audit.ts'
import { searchNotifications } from '../../store/notifications/search.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { maskedAudit, showAudit } from '../answers/notification-audit.ts'
import { flagQuery, listAnswer, listShape, pageOf, pageQuery, textQuery, timeQuery } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import { hasRight, type RequireRight } from '../auth.ts'
import { notFound } from '../problems/problem.ts'
import { maySee, recordReveal, recordSearch } from '../viewer.ts'

const reveal = flagQuery('Show addresses and message bodies to a viewer; the access is recorded.')

const listQuery = fieldsOnly({
  // An unencoded plus arrives as a blank.
  recipient: textQuery
    .transform((text) => text.replace(/^ (?=\d)/, '+'))
    // However the address is written.
    .transform((text) => emailOf(text) ?? phoneOf(text) ?? text)
    .optional()
    .describe('A recipient’s id or address.'),
  reference: textQuery.optional(),
  notifier: textQuery.optional(),
  channel: shape.channel.optional(),
  state: shape.state.optional(),
  provider: textQuery.optional(),
  eventType: textQuery.optional().describe('Our type, or the source’s own.'),
  event_type: textQuery.optional().meta({ deprecated: true, description: 'The older name of `eventType`.' }),
  source: textQuery.optional(),
  since: timeQuery,
  until: timeQuery,
  givenUpSince: timeQuery.describe(
    'Only those that are `failed` and were given up since then, the latest of them first.',
  ),
  reveal,
  ...pageQuery,
})

const oneQuery = fieldsOnly({ include: z.enum(['message']).optional().describe('Also the rendered message.'), reveal })

export function notificationRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/notifications',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listNotifications',
          tags: ['Notifications'],
          summary: 'Notifications, newest first',
          querystring: listQuery,
          response: { 200: listShape('NotificationList', shape.notification) },
        },
      },
      async (request) => {
        const { limit, cursor, reveal, event_type: older, eventType = older, ...others } = request.query
        const filter = { ...others, eventType }
        await recordSearch(ctx, request, 'notifications', [filter.recipient, filter.reference])
        const rows = await ctx.reads.search((db) => searchNotifications(db, filter, pageOf({ limit, cursor })))
        const hidingOf = await hidingIn(ctx, request, { rows: rows.slice(0, limit), subject: 'notifications', reveal })
        return listAnswer(
          rows,
          limit,
          (row) => ({ at: row.place, id: row.id }),
          async (row, yieldTurn) => ({
            ...(await showNotificationTo(row, hidingOf(row), yieldTurn)),
            ...(filter.givenUpSince && { givenUpAt: row.place.toISOString() }),
          }),
        )
      },
    )
    server.get(
      '/v1/notifications/:id',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'getNotification',
          tags: ['Notifications'],
          summary: 'One notification with its attempts, receipts and timeline',
          problems: ['not_found'],
          params: z.object({ id: z.string() }),
          querystring: oneQuery,
          response: { 200: shape.notificationAudit },
        },
      },
      async (request) => {
        const { id } = request.params
        const found = z.uuid().safeParse(id).success ? await findNotification(ctx.reads.db, id) : null
        if (!found) throw notFound('No notification has this id.')
        const { reveal, include } = request.query
        const one = { rows: [found.notification], subject: `notification ${id}`, reveal }
        const hiding = (await hidingIn(ctx, request, one))(found.notification)
        const { message } = found
        return {
          ...(await (hiding ? maskedAudit(found, hiding, ctx.clock.now()) : showAudit(found, ctx.clock.now()))),
          ...(include === 'message' && messageFor(request, reveal, message)),
        }
      },
    )
  }
}

/** The addresses to mask in each row; null where the caller may see them. A viewer's reveal is recorded. */
async function hidingIn(
  ctx: Ctx,
  request: FastifyRequest,
  { rows, subject, reveal }: { rows: NotificationRow[]; subject: string; reveal: boolean },
): Promise<(row: NotificationRow) => KnownAddresses | null> {
  request.isMasked = true
  if (maySee(request, reveal)) {
    await recordReveal(
      ctx,
      request,
      subject,
      rows.map((row) => row.to ?? row.recipientId),
    )
    return () => null
  }
  const ids = rows.map((row) => row.eventId)
  const known = await knownByEvent(ctx.reads.db, ids, rows.length > 1 ? maxBytesOfMany : Number.MAX_SAFE_INTEGER)
  return (row) => addAddresses(known(row.eventId), [row.to, row.recipientId])
}

/** A body holds too many addresses to mask: a viewer gets all of it, with `reveal`, or none. */
export function messageFor(
  request: FastifyRequest,
  reveal: boolean,
  message: Message | null,
): Pick<z.input<typeof shape.notificationAudit>, 'message' | 'messageReason'> {
  if (message && !maySee(request, reveal)) return { message: null, messageReason: showReason(reason('not_revealed')) }
  return { message: message && showMessage(message, hasRight(request.caller.role, 'act')) }
}
