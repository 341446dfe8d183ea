// The routes that list events and show one with its notifications and omissions.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { eventLoopYielder } from '../../clock.ts'
import type { Ctx } from '../../context.ts'
import { storedAs } from '../../domain/coded.ts'
import { reason } from '../../domain/reason.ts'
import type { StoredEvent } from '../../domain/stored-event.ts'
import { addAddresses, type KnownAddresses } from '../../privacy/known-addresses.ts'
import { knownByEvent, maxBytesOfMany } from '../../privacy/known-by-event.ts'
import { maskAll } from '../../privacy/mask.ts'
import { type showNotification, showNotificationTo } from '../../show/notification.ts'
import { showReason } from '../../show/reason.ts'
import { oneByOne } from '../../store/batch.ts'
import type { Counts } from '../../store/events/counts.ts'
import { bodyLength } from '../../store/events/load.ts'
import { searchEvents } from '../../store/events/search.ts'
import { auditEvent, type EventAudit } from '../../store/notifications/event-audit.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { largeBytes } from '../../wire/large-json.ts'
import { mebibyte } from '../../wire/sizes.ts'
import { beginningOf, bodyPieces } from '../answers/event-body.ts'
import { sendJson, TextInPieces } from '../answers/json-stream.ts'
import { roomForAnswers } from '../answers/large-answers.ts'
import { flagQuery, listAnswer, listShape, pageOf, pageQuery, textQuery, timeQuery } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { notFound } from '../problems/problem.ts'
import { maySee, recordReveal, recordSearch } from '../viewer.ts'

const notificationsShown = 100
/** About 25 of the largest bodies. */
const { take } = roomForAnswers(256 * mebibyte)
/** An event with a large body takes much memory while its addresses are looked for. */
const oneLargeAtATime = oneByOne()

const listQuery = fieldsOnly({
  type: textQuery.optional().describe('Our type, or the source’s own.'),
  eventType: textQuery.optional().describe('Another name of `type`.'),
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
          operationId: 'listEvents',
          tags: ['Events'],
          summary: 'Events, newest first',
          querystring: listQuery,
          response: { 200: listShape('EventList', shape.event) },
        },
      },
      async (request) => {
        const { limit, cursor, eventType, type = eventType, ...others } = request.query
        const filter = { ...others, type }
        await recordSearch(ctx, request, 'events', [filter.reference])
        const rows = await ctx.reads.search((db) => searchEvents(db, filter, pageOf({ limit, cursor })))
        request.isMasked = true
        const ids = rows.map(({ event }) => event.id)
        const known = maySee(request, false) ? null : await knownByEvent(ctx.reads.db, ids, maxBytesOfMany)
        return listAnswer(
          rows,
          limit,
          ({ event }) => ({ at: event.receivedAt, id: event.id }),
          ({ event, counts }, yieldTurn) => {
            const shown = showEvent(event, counts)
            return known ? maskAll(shown, known(event.id), yieldTurn) : shown
          },
        )
      },
    )
    server.get(
      '/v1/events/:id',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'getEvent',
          tags: ['Events'],
          summary: 'One event with its raw body, its notifications and its omissions',
          problems: ['not_found'],
          params: z.object({ id: z.string() }),
          querystring: fieldsOnly({
            reveal: flagQuery('Show addresses to a viewer; the access is recorded.'),
            bodyLimit: z.coerce
              .number()
              .int()
              .min(1)
              .optional()
              .describe('The most characters of the body; by default all.'),
          }),
          response: { 200: shape.eventAudit },
        },
      },
      async (request, reply) => {
        const { reveal, bodyLimit } = request.query
        const id = z.uuid().safeParse(request.params.id).data
        if (id === undefined) throw noEvent()
        const bytes = await bodyLength(ctx.reads.db, id)
        if (bytes > largeBytes) take(reply, bytes)
        const { found, hiding } = await (bytes > largeBytes ? oneLargeAtATime : atOnce)(async () => {
          const found = await auditEvent(ctx.reads.db, id, notificationsShown)
          if (!found) throw noEvent()
          return { found, hiding: await hidingOf(ctx, request, reveal, found) }
        })
        request.isMasked = true
        const audit = await showAudit(found, hiding)
        if (!found.raw) return { ...audit, body: null, bodyReason: showReason(reason('retention')) }
        const pieces = bodyPieces(found.raw.toString(), hiding)
        if (bytes <= largeBytes || bodyLimit) return { ...audit, ...(await beginningOf(pieces, bodyLimit)) }
        const checked = shape.eventAudit.parse({ ...audit, body: null })
        return sendJson(reply, { ...checked, body: new TextInPieces(pieces) })
      },
    )
  }
}

/** The addresses to mask, or null to show them all. A viewer's reveal is recorded with every address that the event names. */
async function hidingOf(
  ctx: Ctx,
  request: FastifyRequest,
  reveal: boolean,
  { event: { id }, notifications }: EventAudit,
): Promise<KnownAddresses | null> {
  if (request.caller.role === 'operator') return null
  const sentTo = notifications.flatMap((row) => [row.to, row.recipientId])
  const known = addAddresses((await knownByEvent(ctx.reads.db, [id], Number.MAX_SAFE_INTEGER))(id), sentTo)
  if (!maySee(request, reveal)) return known
  await recordReveal(ctx, request, `event ${id}`, known.written)
  return null
}

/** All of an event but its body. */
async function showAudit(
  { event, counts, notifications, omissions, omitted, timers }: EventAudit,
  hiding: KnownAddresses | null,
): Promise<Omit<z.input<typeof shape.eventAudit>, 'body'>> {
  const yieldTurn = eventLoopYielder()
  const texts = {
    ...showEvent(event, counts),
    omissions: omissions.map((row) => ({
      notifier: row.notifier,
      channel: row.channel,
      reason: showReason({ code: row.reasonCode, params: row.reasonParams }),
    })),
    omitted,
    timers: timers.map((row) => ({
      emits: row.emits,
      dueAt: row.dueAt.toISOString(),
      firedAt: row.firedAt?.toISOString() ?? null,
      stoppedAt: row.stoppedAt?.toISOString() ?? null,
      reason: showReason(storedAs(row.reasonCode, row.reasonParams)),
    })),
  }
  const shown: ReturnType<typeof showNotification>[] = []
  for (const row of notifications) shown.push(await showNotificationTo(row, hiding, yieldTurn))
  return { ...(hiding ? await maskAll(texts, hiding, yieldTurn) : texts), notifications: shown }
}

function atOnce<T>(work: () => Promise<T>): Promise<T> {
  return work()
}

function noEvent() {
  return notFound('No event has this id.')
}

function showEvent(event: StoredEvent, counts: Counts): z.input<typeof shape.event> {
  return {
    id: event.id,
    source: event.source,
    sourceId: event.sourceId,
    type: event.type,
    sourceType: event.sourceType,
    status: event.status,
    reason: showReason(event.reason),
    reference: event.reference,
    livemode: event.livemode,
    receivedAt: event.receivedAt.toISOString(),
    stopped: event.stopped,
    counts,
  }
}
