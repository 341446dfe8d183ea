// The shapes of events and notifications with what became of them, as the API answers them.
import { z } from 'zod'
import { states } from '../../domain/notification.ts'
import { receiptKinds } from '../../domain/receipt.ts'
import { categoryShape, channelShape, id, priorityShape, reasonShape, stateShape, time } from './basic-shapes.ts'
import { examples } from './examples.ts'

const version = z.object({ locale: z.string(), version: z.number() })
const wordsUsed = z
  .object({
    locale: z.string(),
    version: z.number().nullable().describe('The version of an operator’s copy; null for the built-in copy.'),
    rest: z.array(version).optional().describe('The versions that supplied the messages that this one lacks.'),
  })
  .meta({ id: 'CopyUsed', description: 'The copy that a message was rendered from.' })

const notification = z
  .object({
    id: id('the notification'),
    eventId: id('its event'),
    eventType: z.string(),
    source: z.string().describe('An app, a key, or a vendor.'),
    notifier: z.string(),
    category: categoryShape,
    channel: channelShape,
    to: z.string().nullable().describe('The address; masked for a viewer, null once it was removed.'),
    recipientId: z.string().nullable(),
    reference: z.string().nullable(),
    state: stateShape,
    reason: reasonShape.nullable(),
    priority: priorityShape,
    provider: z.string().nullable(),
    providerMessageId: z.string().nullable(),
    scheduledFor: time.nullable(),
    expiresAt: time.nullable(),
    createdAt: time,
    sentAt: time.nullable(),
    deliveredAt: time.nullable(),
    openedAt: time.nullable(),
    clickedAt: time.nullable(),
    givenUpAt: time.optional().describe('When it was given up; in a list by `givenUpSince` alone.'),
    subject: z.string().nullable(),
  })
  .meta({
    id: 'Notification',
    description: 'One message to one address on one channel.',
    examples: [examples.notification],
  })

const attempt = z
  .object({
    number: z.number(),
    round: z.number().describe('The round along the route; waits are between rounds.'),
    provider: z.string(),
    cause: z.string().describe('Why this call was made: a code of docs/reasons.md.'),
    why: z.string(),
    outcome: z
      .enum(['accepted', 'rejected', 'deferred', 'unknown'])
      .nullable()
      .describe('Null while the call is open.'),
    blame: z
      .enum(['message', 'provider'])
      .nullable()
      .describe('Of a rejection: `message` is hopeless everywhere, `provider` means that this provider cannot.'),
    statusCode: z.number().nullable(),
    errorCode: z.string().nullable(),
    error: z.string().nullable(),
    providerMessageId: z.string().nullable(),
    startedAt: time,
    latencyMs: z.number().nullable(),
  })
  .meta({ id: 'Attempt', description: 'One call to one provider.', examples: [examples.attempt] })

const receipt = z
  .object({
    provider: z.string(),
    kind: z.enum(receiptKinds),
    at: time.nullable().describe('By the provider’s clock.'),
    receivedAt: time,
    providerMessageId: z.string().nullable(),
    code: z.string().nullable(),
    text: z.string().nullable(),
  })
  .meta({ id: 'Receipt', description: 'What a provider reported later.', examples: [examples.receipt] })

const omission = z
  .object({ notifier: z.string(), channel: z.string().nullable(), reason: reasonShape })
  .meta({ id: 'Omission', description: 'A notification that was expected and not made.' })
const timelineEntry = z
  .object({ at: time, code: z.string(), what: z.string(), detail: z.string().nullable() })
  .meta({ id: 'TimelineEntry', description: 'What happened, and when.', examples: [examples.timelineEntry] })

const message = z
  .object({
    subject: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string(),
    encoding: z.string().optional().describe('Of an SMS.'),
    segments: z.number().optional().describe('Of an SMS.'),
  })
  .meta({ id: 'Message', description: 'The rendered content, as every attempt sends it.' })

const timer = z
  .object({
    emits: z.string().describe('The type of the event that the timer emits.'),
    dueAt: time,
    firedAt: time.nullable(),
    stoppedAt: time.nullable(),
    reason: reasonShape.nullable().describe('Why the timer was stopped.'),
  })
  .meta({ id: 'Timer', description: 'An event that this one emits later, unless another stops it.' })

const counts = z
  .partialRecord(z.enum(states), z.number())
  .meta({ id: 'Counts', description: 'Notifications by state.' })

const event = z
  .object({
    id: id('the event'),
    source: z.string(),
    sourceId: z.string().describe('The source’s own id, which makes a repeat a duplicate.'),
    type: z.string(),
    sourceType: z.string().describe('The source’s own type.'),
    status: z.enum(['accepted', 'planned', 'ignored', 'failed']),
    reason: reasonShape.nullable(),
    reference: z.string().nullable(),
    livemode: z.boolean().nullable(),
    receivedAt: time,
    stopped: z.number().describe('How many waiting notifications of other events it has cancelled.'),
    counts,
  })
  .meta({ id: 'Event', description: 'A verified fact, stored once.', examples: [examples.event] })

const notificationAudit = notification
  .extend({
    words: wordsUsed.nullable(),
    addressSuppressed: z
      .boolean()
      .nullable()
      .describe('Whether its address is on the suppression list of its channel now; null where it has no address.'),
    attempts: z.array(attempt).describe('In their order: the first and the latest 100, or all in an export.'),
    attemptCount: z.number().describe('The number of all attempts.'),
    receipts: z.array(receipt).describe('Oldest first: the first and the latest 100, or all in an export.'),
    receiptCount: z.number().describe('The number of all receipts.'),
    timeline: z
      .array(timelineEntry)
      .describe('Oldest first. Attempts, receipts and entries between the first and the latest 100 are not in it.'),
    timelineCount: z.number().describe('The number of all entries of the timeline.'),
    message: message.nullable().optional(),
    messageReason: reasonShape.optional().describe('Why the message is not shown.'),
  })
  .meta({ id: 'NotificationAudit', description: 'A notification with its attempts, receipts and timeline.' })

const eventAudit = event
  .extend({
    body: z.string().nullable().describe('As it was received.'),
    bodyIsCut: z.boolean().optional().describe('True where `bodyLimit` left some of the body out.'),
    bodyReason: reasonShape.optional().describe('Why the body was removed.'),
    notifications: z.array(notification).describe('The first 100.'),
    omissions: z.array(omission).describe('Expected notifications that were not made, and why; the first 100.'),
    omitted: z.number().describe('The number of all omissions.'),
    timers: z.array(timer),
  })
  .meta({ id: 'EventAudit', description: 'An event with its body, its notifications and its omissions.' })

export const auditShapes = {
  channel: channelShape,
  category: categoryShape,
  state: stateShape,
  notification,
  attempt,
  event,
  notificationAudit,
  eventAudit,
}
