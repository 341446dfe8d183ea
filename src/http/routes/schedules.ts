// The routes that list the built-in schedules and run one now.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { schedules } from '../../domain/schedule.ts'
import { runNow } from '../../schedule/run-schedule.ts'
import { listSchedules, type ScheduleRow } from '../../store/schedules.ts'
import { wholeListShape } from '../answers/page.ts'
import { isoOrNull, shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { notFound } from '../problems/problem.ts'
import { callerOf } from './actions.ts'

export function scheduleRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/schedules',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listSchedules',
          tags: ['Schedules'],
          summary: 'The schedules, with their last run, its result and their next run',
          response: { 200: wholeListShape('ScheduleList', shape.schedule) },
        },
      },
      async () => {
        const rows = await listSchedules(ctx.reads.db)
        const inOrder = schedules.flatMap(({ name }) => rows.filter((row) => row.name === name))
        return { data: inOrder.map(showSchedule), nextCursor: null }
      },
    )
    server.post(
      '/v1/schedules/:name/run',
      {
        onRequest: requireRight('act'),
        schema: {
          operationId: 'runSchedule',
          tags: ['Schedules'],
          summary: 'Run a schedule now, in addition to its regular runs',
          problems: ['not_found'],
          params: z.object({ name: z.string().describe('With or without the prefix `schedule.`.') }),
          response: { 200: shape.scheduleRun },
        },
      },
      async (request) => {
        const ran = await runNow(ctx, request.params.name, callerOf(request))
        if (!ran) throw notFound('No schedule has this name.')
        return { ...showSchedule(ran.row), eventId: ran.eventId, result: ran.row.lastResult }
      },
    )
  }
}

function showSchedule(row: ScheduleRow): z.input<typeof shape.schedule> {
  return {
    name: row.name,
    cron: row.cron,
    timezone: row.timezone,
    lastRunAt: isoOrNull(row.lastRunAt),
    lastResult: row.lastResult,
    nextRunAt: row.nextSlot.toISOString(),
  }
}
