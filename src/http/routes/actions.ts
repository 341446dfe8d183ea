// The routes of operators' actions on notifications: retry, cancel, settle. The timeline records each with the key's name.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { channels } from '../../domain/notification.ts'
import { cancel, cancelMatching } from '../../operate/cancel.ts'
import { retry } from '../../operate/retry.ts'
import { settle, settleMatching } from '../../operate/settle.ts'
import { findNotification } from '../../store/notifications/audit.ts'
import type { ActionResult } from '../../store/notifications/restart.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { showAudit } from '../answers/notification-audit.ts'
import { textQuery, timeQuery } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { conflict, notFound } from '../problems/problem.ts'

const noSuchNotification = 'No notification has this id.'
const params = z.object({ id: z.string() })
const settlement = fieldsOnly({ sent: z.boolean().describe('Whether the message was sent.') }).meta({
  id: 'Settlement',
})

const cancellation = fieldsOnly({
  notifier: textQuery.optional(),
  reference: textQuery.optional(),
  eventType: textQuery.optional().describe('Our type, or the source’s own.'),
  since: timeQuery,
  until: timeQuery,
  dryRun: z.boolean().default(false),
})
  .refine(({ dryRun, ...filter }) => Object.values(filter).some((value) => value !== undefined), {
    message: 'must name at least one of notifier, reference, eventType, since and until',
  })
  .meta({ id: 'Cancellation' })

const cancelled = z
  .object({
    matched: z.number(),
    cancelled: z.number(),
    timers: z
      .number()
      .describe('Timers of the matching events that were stopped, or would be; 0 where a notifier is named.'),
    planning: z
      .number()
      .describe(
        'Matching events that are not planned to their end. What they have yet to make is cancelled as it is made, or would be.',
      ),
    dryRun: z.boolean(),
  })
  .meta({ id: 'Cancelled' })

const settlements = fieldsOnly({
  provider: textQuery.optional().describe('Whose answer is unknown.'),
  notifier: textQuery.optional(),
  channel: z.enum(channels).optional(),
  since: timeQuery,
  until: timeQuery,
  sent: settlement.shape.sent,
  asOf: timeQuery.describe('Only those that were in doubt at this time already, such as when a dry run counted them.'),
  dryRun: z.boolean().default(false),
})
  .refine(({ dryRun, sent, asOf, ...filter }) => Object.values(filter).some((value) => value !== undefined), {
    message: 'must name at least one of provider, notifier, channel, since and until',
  })
  .meta({ id: 'Settlements' })

const settled = z.object({ matched: z.number(), settled: z.number(), dryRun: z.boolean() }).meta({ id: 'Settled' })

export function actionRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    const onRequest = requireRight('act')
    const common = {
      tags: ['Notifications'],
      params,
      problems: ['not_found', 'conflict'],
      response: { 200: shape.notificationAudit },
    } as const

    server.post(
      '/v1/notifications/:id/retry',
      {
        onRequest,
        schema: {
          ...common,
          operationId: 'retryNotification',
          summary: 'Retry a notification that failed, bounced or is unconfirmed',
        },
      },
      (request) => after(ctx, request.params.id, (id) => retry(ctx, id, callerOf(request))),
    )
    server.post(
      '/v1/notifications/:id/cancel',
      {
        onRequest,
        schema: {
          ...common,
          operationId: 'cancelNotification',
          summary: 'Cancel a notification that has not been sent',
        },
      },
      (request) => after(ctx, request.params.id, (id) => cancel(ctx, id, callerOf(request))),
    )
    server.post(
      '/v1/notifications/:id/settle',
      {
        onRequest,
        schema: {
          ...common,
          operationId: 'settleNotification',
          summary: 'Record whether an unconfirmed notification was sent',
          body: settlement,
        },
      },
      (request) => after(ctx, request.params.id, (id) => settle(ctx, id, request.body.sent, callerOf(request))),
    )
    server.post(
      '/v1/cancellations',
      {
        onRequest,
        schema: {
          operationId: 'cancelNotifications',
          tags: ['Notifications'],
          summary: 'Cancel every matching notification that has not been sent',
          body: cancellation,
          response: { 200: cancelled },
        },
      },
      async (request) => {
        const { dryRun, ...filter } = request.body
        return cancelMatching(ctx, filter, dryRun, callerOf(request))
      },
    )
    server.post(
      '/v1/settlements',
      {
        onRequest,
        schema: {
          operationId: 'settleNotifications',
          tags: ['Notifications'],
          summary: 'Record of every matching unconfirmed notification whether it was sent',
          body: settlements,
          response: { 200: settled },
        },
      },
      async (request) => {
        const { dryRun, sent, asOf = null, ...filter } = request.body
        return settleMatching(ctx, filter, { sent, dryRun, asOf, by: callerOf(request) })
      },
    )
  }
}

/** The caller as the timeline names them. */
export function callerOf({ caller }: FastifyRequest): string {
  return `${caller.role} key \`${caller.name}\``
}

/** Acts, then answers the notification as `GET /v1/notifications/:id` does. */
async function after(ctx: Ctx, id: string, act: (id: string) => Promise<ActionResult>) {
  if (!z.uuid().safeParse(id).success) throw notFound(noSuchNotification)
  const acted = await act(id)
  if (acted.kind === 'refused') throw conflict(acted.detail)
  const found = acted.kind === 'done' ? await findNotification(ctx.db, id) : null
  if (!found) throw notFound(noSuchNotification)
  return showAudit(found, ctx.clock.now())
}
