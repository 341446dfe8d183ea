// The shapes of the API's answers, which are checked when they are sent and shown in the OpenAPI document.
import { z } from 'zod'
import { priorities } from '../domain/event.ts'
import { channels, personalChannels, states } from '../domain/notification.ts'
import { receiptKinds } from '../domain/receipt.ts'

export const time = z.iso.datetime()
const reasonShape = z.object({ code: z.string(), text: z.string() })
const version = z.object({ locale: z.string(), version: z.number() })
const wordsUsed = z.object({
  locale: z.string(),
  version: z.number().nullable().describe('The version of an operator’s copy; null for the built-in copy.'),
  rest: z.array(version).optional().describe('The versions that supplied the messages that this one lacks.'),
})

const notification = z.object({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  source: z.string(),
  notifier: z.string(),
  category: z.enum(['transactional', 'product']),
  channel: z.enum(channels),
  to: z.string().nullable(),
  recipientId: z.string().nullable(),
  reference: z.string().nullable(),
  state: z.enum(states),
  reason: reasonShape.nullable(),
  priority: z.enum(priorities),
  provider: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  scheduledFor: time.nullable(),
  expiresAt: time.nullable(),
  createdAt: time,
  sentAt: time.nullable(),
  deliveredAt: time.nullable(),
  openedAt: time.nullable(),
  clickedAt: time.nullable(),
  subject: z.string().nullable(),
})

const attempt = z.object({
  number: z.number(),
  round: z.number(),
  provider: z.string(),
  cause: z.string(),
  why: z.string(),
  outcome: z.enum(['accepted', 'rejected', 'deferred', 'unknown']).nullable(),
  blame: z.enum(['message', 'provider']).nullable(),
  statusCode: z.number().nullable(),
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  providerMessageId: z.string().nullable(),
  startedAt: time,
  latencyMs: z.number().nullable(),
})

const receipt = z.object({
  provider: z.string(),
  kind: z.enum(receiptKinds),
  at: time.nullable(),
  receivedAt: time,
  providerMessageId: z.string().nullable(),
  code: z.string().nullable(),
  text: z.string().nullable(),
})

const omission = z.object({ notifier: z.string(), channel: z.string().nullable(), reason: reasonShape })
const timelineEntry = z.object({ at: time, code: z.string(), what: z.string(), detail: z.string().nullable() })

const message = z.object({
  subject: z.string().nullable(),
  html: z.string().nullable(),
  text: z.string(),
  encoding: z.string().optional(),
  segments: z.number().optional(),
})

const event = z.object({
  id: z.string(),
  source: z.string(),
  sourceId: z.string(),
  type: z.string(),
  sourceType: z.string(),
  status: z.enum(['accepted', 'planned', 'ignored', 'failed']),
  reason: reasonShape.nullable(),
  reference: z.string().nullable(),
  livemode: z.boolean().nullable(),
  receivedAt: time,
  stopped: z.number().describe('How many waiting notifications of other events it has cancelled.'),
  counts: z.record(z.string(), z.number()),
})

export const shape = {
  queue: z.object({
    name: z.string(),
    ready: z.number(),
    active: z.number(),
    deferred: z.number(),
    failed: z.number(),
    oldestSeconds: z.number().nullable(),
  }),
  notification,
  attempt,
  event,
  notificationAudit: notification.extend({
    words: wordsUsed.nullable(),
    attempts: z.array(attempt),
    receipts: z.array(receipt),
    timeline: z.array(timelineEntry),
    message: message.nullable().optional(),
    messageReason: reasonShape.optional().describe('Why the message is not shown.'),
  }),
  eventAudit: event.extend({
    body: z.string().nullable(),
    bodyReason: reasonShape.optional().describe('Why the body was removed.'),
    notifications: z.array(notification),
    omissions: z.array(omission).describe('Expected notifications that were not made, and why; the first 100.'),
    omitted: z.number().describe('The number of all omissions.'),
    timers: z.array(
      z.object({
        emits: z.string().describe('The type of the event that the timer emits.'),
        dueAt: time,
        firedAt: time.nullable(),
        stoppedAt: time.nullable(),
        reason: reasonShape.nullable().describe('Why the timer was stopped.'),
      }),
    ),
  }),
  provider: z.object({
    name: z.string(),
    channel: z.enum(channels),
    position: z.number().describe('Its position in the route; 1 is the primary.'),
    circuit: z.enum(['closed', 'open', 'half-open']).describe('half-open: one real send is probing it now.'),
    why: z.string().nullable(),
    paused: z.object({ at: time, by: z.string() }).nullable(),
    rate: z.number().nullable().describe('Maximum sends per second, over all processes.'),
    calls: z
      .object({ good: z.number(), bad: z.number(), other: z.number() })
      .describe('Of the last five minutes; `other` does not count towards its health.'),
    successRate: z.number().nullable(),
    latencyMs: z.number().nullable(),
    nextProbeAt: time.nullable(),
    changes: z.array(z.object({ at: time, what: z.string(), by: z.string() })),
  }),
  suppression: z.object({
    channel: z.enum(personalChannels),
    address: z.string(),
    reason: z.string(),
    source: z.string(),
    createdAt: time,
  }),
  preferences: z.object({ product: z.object({ email: z.boolean(), sms: z.boolean() }) }),
  schedule: z.object({
    name: z.string(),
    cron: z.string(),
    timezone: z.string(),
    lastRunAt: time.nullable(),
    lastResult: z.looseObject({ ok: z.boolean() }).nullable().describe('With the id of its event, or the error.'),
    nextRunAt: time,
  }),
  notifier: z.object({
    name: z.string(),
    on: z.array(z.string()),
    channels: z.array(z.enum(channels)),
    category: z.enum(['transactional', 'product']),
    schema: z.record(z.string(), z.unknown()),
    sample: z.record(z.string(), z.unknown()),
  }),
}

export function isoOrNull(at: Date | null): string | null {
  return at ? at.toISOString() : null
}
