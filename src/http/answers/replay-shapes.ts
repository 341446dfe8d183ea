// The shapes of a replay and its plan.
import { z } from 'zod'
import { shape, time } from './shapes.ts'

/** A replay's notifications by what happens to them. */
export const changes = z
  .object({
    wouldSend: z.number().describe('Sent by this replay.'),
    willSend: z.number().describe('The older name of `wouldSend`.'),
    alreadySent: z.number(),
    expired: z.number().describe('Expired by the event’s own time.'),
    suppressed: z.number().describe('Suppressed then, and still suppressed now.'),
    other: z.number().describe('In progress, unconfirmed, cancelled, or without content.'),
  })
  .meta({ id: 'ReplayCounts', description: 'Notifications by what a replay does with them.' })

export const replayPlan = changes.omit({ willSend: true }).extend({ events: z.number() }).meta({ id: 'ReplayPlan' })

export const plannedOnly = z.object({ dryRun: z.literal(true), plan: replayPlan }).meta({ id: 'PlannedReplay' })

export const replay = z
  .object({
    id: z.string(),
    status: z.enum(['running', 'done']),
    since: time,
    until: time,
    source: z.string().nullable(),
    type: z.string().nullable(),
    state: shape.state.nullable(),
    ratePerSecond: z.number(),
    by: z.string().describe('The key that asked for it.'),
    plan: replayPlan,
    progress: changes.extend({ events: z.number() }),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Replay' })
