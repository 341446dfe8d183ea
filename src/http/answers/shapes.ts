// The shapes of the API's answers, which are checked when they are sent and are named schemas of the OpenAPI document.
import { z } from 'zod'
import { personalChannels } from '../../domain/notification.ts'
import { auditShapes } from './audit-shapes.ts'
import { time } from './basic-shapes.ts'

export { isoOrNull, time } from './basic-shapes.ts'

const schedule = z
  .object({
    name: z.string(),
    cron: z.string(),
    timezone: z.string(),
    lastRunAt: time.nullable(),
    lastResult: z.looseObject({ ok: z.boolean() }).nullable().describe('With the id of its event, or the error.'),
    nextRunAt: time,
  })
  .meta({ id: 'Schedule' })

export const shape = {
  queue: z
    .object({
      name: z.string(),
      ready: z.number(),
      active: z.number(),
      deferred: z.number(),
      failed: z.number(),
      oldestSeconds: z.number().nullable(),
    })
    .meta({ id: 'Queue', description: 'A queue of jobs and how many wait in it.' }),
  ...auditShapes,
  provider: z
    .object({
      name: z.string(),
      channel: auditShapes.channel,
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
    })
    .meta({ id: 'Provider', description: 'A provider in its route, with its health.' }),
  suppression: z
    .object({
      channel: z.enum(personalChannels),
      address: z.string(),
      reason: z.string(),
      source: z.string(),
      createdAt: time,
    })
    .meta({ id: 'Suppression', description: 'An address that must not be written to, and why.' }),
  preferences: z
    .object({ product: z.object({ email: z.boolean(), sms: z.boolean() }) })
    .meta({ id: 'Preferences', description: 'Whether a person gets `product` messages, by channel.' }),
  schedule,
  scheduleRun: schedule
    .extend({ eventId: z.string().describe('The id of the run’s event.'), result: schedule.shape.lastResult })
    .meta({ id: 'ScheduleRun' }),
  notifier: z
    .object({
      name: z.string(),
      on: z.array(z.string()),
      channels: z.array(auditShapes.channel),
      category: auditShapes.category,
      schema: z.record(z.string(), z.unknown()).describe('The JSON Schema of its `data`.'),
      sample: z.record(z.string(), z.unknown()).describe('A whole event of its first type.'),
    })
    .meta({ id: 'Notifier', description: 'What one kind of event means for people.' }),
}
