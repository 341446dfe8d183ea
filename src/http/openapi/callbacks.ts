// The callbacks to apps, as webhooks of the OpenAPI document.
import { z } from 'zod'
import { schedules } from '../../domain/schedule.ts'
import { shape, time } from '../answers/shapes.ts'

const reportedStates = ['sent', 'delivered', 'undelivered', 'failed', 'suppressed'] as const

const notification = shape.notification
  .extend({ sourceId: z.string().describe('The app’s own id of the event.') })
  .meta({ id: 'NotificationOfApp' })

const callbackShapes = {
  notification: z
    .object({
      type: z.enum(reportedStates.map((state) => `notification.${state}` as const)),
      timestamp: time,
      data: z.object({ notification }),
    })
    .meta({ id: 'NotificationCallback', description: 'A notification of the app has a new state.' }),
  paymentTimedOut: z
    .object({
      type: z.literal('payment.timed_out'),
      timestamp: time,
      data: z.custom<object>().meta({ $ref: '#/components/schemas/PaymentTimedOutData' }),
      reference: z.string().optional(),
      recipient: z.object({ id: z.string() }).optional(),
    })
    .meta({ id: 'PaymentTimedOutCallback', description: 'A payment was not completed in time.' }),
  schedule: z
    .object({
      type: z.enum(schedules.map(({ name }) => name)),
      timestamp: time,
      data: z.looseObject({ name: z.string(), scheduledFor: time }),
    })
    .meta({ id: 'ScheduleCallback', description: 'A built-in schedule is due.' }),
}

const operations: Record<string, { operationId: string; shape: z.ZodType; summary: string }> = {
  notification: {
    operationId: 'onNotification',
    shape: callbackShapes.notification,
    summary: 'A notification was sent, delivered, undelivered, failed or suppressed',
  },
  'payment.timed_out': {
    operationId: 'onPaymentTimedOut',
    shape: callbackShapes.paymentTimedOut,
    summary: 'A payment was not completed in time',
  },
  schedule: { operationId: 'onSchedule', shape: callbackShapes.schedule, summary: 'A built-in schedule is due' },
}

export function callbackOperations(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, { operationId, shape, summary }]) => [
      name,
      {
        post: {
          operationId,
          summary,
          description:
            'Signed as a Standard Webhook with the app’s own secret; sent to its URL in `APP_CALLBACKS` again and again until it is acknowledged (docs/callbacks.md).',
          tags: ['Callbacks'],
          security: [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: `#/components/schemas/${shape.meta()?.id}` } } },
          },
          responses: {
            '2XX': { description: 'Acknowledged' },
            '410': { description: 'Ends this callback' },
            default: { description: 'It is sent again later' },
          },
        },
      },
    ]),
  )
}
