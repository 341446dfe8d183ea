// The routes that replay one event or a window of events, and show a replay's progress and the queues.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { reason } from '../../domain/reason.ts'
import { planEventReplay, planReplay, replayEvent, startReplay } from '../../operate/replay.ts'
import { reasonText } from '../../show/reason.ts'
import { findReplay, listReplays, type Replay, type ReplayCounts } from '../../store/notifications/replays.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { listAnswer, listShape, pageOf, pageQuery, textQuery, timeQuery, wholeListShape } from '../answers/page.ts'
import { changes, plannedOnly, replay, type replayPlan } from '../answers/replay-shapes.ts'
import { isoOrNull, shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { conflict, notFound } from '../problems/problem.ts'
import { withoutLimit } from '../without-limit.ts'
import { callerOf } from './actions.ts'

const params = z.object({ id: z.string() })
const time = timeQuery.unwrap()

const windowBody = fieldsOnly({
  since: time,
  until: time,
  source: textQuery.optional(),
  type: textQuery.optional().describe('Our type, or the source’s own.'),
  eventType: textQuery.optional().describe('Another name of `type`.'),
  state: shape.state.optional().describe('Only notifications in this state; `failed` includes failed events.'),
  ratePerSecond: z.number().int().min(1).max(1000).default(50).describe('Maximum notifications per second.'),
  dryRun: z.boolean().default(false).describe('Answer the plan and replay nothing.'),
})
  .refine(({ since, until }) => until > since, { path: ['until'], message: 'must be later than since' })
  .meta({ id: 'NewReplay' })

const eventReplay = fieldsOnly({
  force: z.boolean().default(false).describe('Also send what was already sent.'),
  dryRun: z.boolean().default(false).describe('Answer what it would do and replay nothing.'),
}).meta({ id: 'EventReplay' })
const eventReplayed = z.object({ id: z.string(), counts: changes }).meta({ id: 'EventReplayed' })

export function replayRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.post(
      '/v1/events/:id/replay',
      {
        onRequest: requireRight('act'),
        schema: {
          operationId: 'replayEvent',
          tags: ['Events'],
          summary: 'Replay an event and send what was not sent',
          problems: ['not_found', 'conflict'],
          params,
          body: eventReplay.nullish(),
          response: { 200: eventReplayed },
        },
      },
      async (request) => {
        const { id } = request.params
        const { force, dryRun } = { force: false, dryRun: false, ...request.body }
        const isId = z.uuid().safeParse(id).success
        const replay = () => (dryRun ? planEventReplay(ctx, id, force) : replayEvent(ctx, id, force, callerOf(request)))
        const counts = isId ? await withoutLimit(request, replay) : null
        if (!counts) throw notFound('No event has this id.')
        if (counts === 'forgotten')
          throw conflict(`Its body and its addresses were removed. ${reasonText(reason('retention'))}`)
        return { id, counts: withOlderName(counts) }
      },
    )
    server.post(
      '/v1/replays',
      {
        onRequest: requireRight('act'),
        schema: {
          operationId: 'createReplay',
          tags: ['Events'],
          summary: 'Replay a window of events, or answer the plan only',
          body: windowBody,
          response: { 200: z.union([replay, plannedOnly]) },
        },
      },
      async (request) => {
        const { ratePerSecond, dryRun, eventType, type = eventType, ...others } = request.body
        const window = { ...others, type }
        const plan = () => planReplay(ctx, window)
        if (dryRun) return { dryRun: true as const, plan: showPlan(await withoutLimit(request, plan)) }
        const start = () => startReplay(ctx, window, ratePerSecond, callerOf(request))
        const run = await findReplay(ctx.db, await withoutLimit(request, start))
        if (!run) throw new Error('the replay that was started cannot be found')
        return showReplay(run)
      },
    )
    server.get(
      '/v1/replays',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listReplays',
          tags: ['Events'],
          summary: 'The replays of windows, newest first',
          querystring: fieldsOnly(pageQuery),
          response: { 200: listShape('ReplayList', replay) },
        },
      },
      async (request) => {
        const rows = await listReplays(ctx.reads.db, pageOf(request.query))
        return listAnswer(rows, request.query.limit, ({ createdAt: at, id }) => ({ at, id }), showReplay)
      },
    )
    server.get(
      '/v1/replays/:id',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'getReplay',
          tags: ['Events'],
          summary: 'The progress of a replay',
          params,
          problems: ['not_found'],
          response: { 200: replay },
        },
      },
      async (request) => {
        const { id } = request.params
        const run = z.uuid().safeParse(id).success ? await findReplay(ctx.reads.db, id) : null
        if (!run) throw notFound('No replay has this id.')
        return showReplay(run)
      },
    )
    server.get(
      '/v1/queues',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listQueues',
          tags: ['Service'],
          summary: 'The queues and how many jobs wait in each',
          response: { 200: wholeListShape('QueueList', shape.queue) },
        },
      },
      async () => ({ data: await ctx.jobs.counts(ctx.reads.db), nextCursor: null }),
    )
  }
}

function withOlderName<T extends { willSend: number }>(counts: T): T & { wouldSend: number } {
  return { ...counts, wouldSend: counts.willSend }
}

function showPlan({ willSend, ...plan }: ReplayCounts): z.input<typeof replayPlan> {
  return { ...plan, wouldSend: willSend }
}

function showReplay(run: Replay): z.input<typeof replay> {
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
    by: run.by,
    plan: showPlan(run.plan),
    progress: withOlderName(run.progress),
    createdAt: run.createdAt.toISOString(),
    finishedAt: isoOrNull(run.finishedAt),
  }
}
