// The shapes of a replay and its plan.
import { z } from 'zod'
import { states } from '../domain/notification.ts'
import { time } from './shapes.ts'

/** A replay's notifications by what happens to them. */
export const changes = z.object({
  wouldSend: z.number().describe('Sent by this replay.'),
  willSend: z.number().describe('The older name of `wouldSend`.'),
  alreadySent: z.number(),
  expired: z.number().describe('Expired by the event’s own time.'),
  suppressed: z.number().describe('Suppressed then, and still suppressed now.'),
  other: z.number().describe('In progress, unconfirmed, cancelled, or without content.'),
})

export const replayPlan = changes.omit({ willSend: true }).extend({ events: z.number() })

export const replay = z.object({
  id: z.string(),
  status: z.enum(['running', 'done']),
  since: time,
  until: time,
  source: z.string().nullable(),
  type: z.string().nullable(),
  state: z.enum(states).nullable(),
  ratePerSecond: z.number(),
  plan: replayPlan,
  progress: changes.extend({ events: z.number() }),
  createdAt: time,
  finishedAt: time.nullable(),
})
