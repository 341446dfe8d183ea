// Events again: one of them, or an incident's window, first as a plan and then as a run. replay.ts does it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { states } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { planReplay, replayEvent, startReplay } from '../operate/replay.ts'
import { findReplay, type Replay, type ReplayCounts } from '../store/notifications/replays.ts'
import { callerOf } from './actions.ts'
import type { RequireRight } from './auth.ts'
import { textQuery, timeQuery } from './page.ts'
import { conflict, notFound } from './problem.ts'
import { isoOrNull, shape } from './shapes.ts'

const params = z.object({ id: z.string() })
const time = timeQuery.unwrap()

const windowBody = z
  .strictObject({
    since: time,
    until: time,
    source: textQuery.optional(),
    type: textQuery.optional().describe('Ours or the vendor’s.'),
    state: z.enum(states).optional().describe('Only notifications in this state; `failed` takes failed events too.'),
    ratePerSecond: z.number().int().min(1).max(1000).default(50).describe('Most notifications a second.'),
    dryRun: z.boolean().default(false).describe('Answers the plan only.'),
  })
  .refine(({ since, until }) => until > since, { path: ['until'], message: 'must be later than since' })

export function replayRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.post(
      '/v1/events/:id/replay',
      {
        onRequest: requireRight('act'),
        schema: {
          summary: 'Plan an event again and send what was not sent',
          params,
          body: z.strictObject({ force: z.boolean().default(false).describe('Also what was sent.') }).nullish(),
          response: { 200: z.object({ id: z.string(), counts: shape.changes }) },
        },
      },
      async (request) => {
        const { id } = request.params
        const force = request.body?.force ?? false
        const counts = z.uuid().safeParse(id).success ? await replayEvent(ctx, id, force, callerOf(request)) : null
        if (!counts) throw notFound('There is no event of this id.')
        if (counts === 'forgotten') throw conflict(`Its body and its addresses are gone. ${reason('retention').text}`)
        return { id, counts }
      },
    )
    server.post(
      '/v1/replays',
      {
        onRequest: requireRight('act'),
        schema: {
          summary: 'Replay a window of events, or say what that would do',
          body: windowBody,
          response: { 200: z.union([shape.replay, z.object({ dryRun: z.literal(true), plan: shape.replayPlan })]) },
        },
      },
      async (request) => {
        const { ratePerSecond, dryRun, ...window } = request.body
        if (dryRun) return { dryRun: true as const, plan: showPlan(await planReplay(ctx, window)) }
        const run = await findReplay(ctx.db, await startReplay(ctx, window, ratePerSecond, callerOf(request)))
        if (!run) throw new Error('a replay began and is not there')
        return showReplay(run)
      },
    )
    server.get(
      '/v1/replays/:id',
      {
        onRequest: requireRight('read'),
        schema: { summary: 'How far a replay got', params, response: { 200: shape.replay } },
      },
      async (request) => {
        const { id } = request.params
        const run = z.uuid().safeParse(id).success ? await findReplay(ctx.db, id) : null
        if (!run) throw notFound('There is no replay of this id.')
        return showReplay(run)
      },
    )
    server.get(
      '/v1/queues',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'What waits where',
          response: { 200: z.object({ data: z.array(shape.queue), nextCursor: z.null() }) },
        },
      },
      async () => ({ data: await ctx.jobs.counts(), nextCursor: null }),
    )
  }
}

function showPlan({ willSend, ...plan }: ReplayCounts): z.input<typeof shape.replayPlan> {
  return { ...plan, wouldSend: willSend }
}

function showReplay(run: Replay): z.input<typeof shape.replay> {
  const { since, until, source = null, type = null, state = null } = run.window
  return {
    id: run.id,
    status: run.finishedAt ? 'done' : 'running',
    since: since.toISOString(),
    until: until.toISOString(),
    source,
    type,
    state,
    ratePerSecond: run.ratePerSecond,
    plan: showPlan(run.plan),
    progress: run.progress,
    createdAt: run.createdAt.toISOString(),
    finishedAt: isoOrNull(run.finishedAt),
  }
}
