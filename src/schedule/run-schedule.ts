// Runs the built-in schedules: does a schedule's work, then accepts an event that notifies the apps.
import { v7 as uuidv7 } from 'uuid'
import { makeAccept } from '../accept/accept.ts'
import type { Ctx } from '../context.ts'
import { latestSlot, type Schedule, scheduleNamed, schedules, slotAfter } from '../domain/schedule.ts'
import { type ScheduleTick, schedule as source, writeTick } from '../sources/schedule.ts'
import {
  claimRun,
  countEvents,
  endRun,
  failRun,
  findSchedule,
  type RunResult,
  type ScheduleRow,
  saveSchedules,
} from '../store/schedules.ts'
import { agedByDays, agedNow } from './aged.ts'
import { applyRetention } from './retention.ts'
import { fireDueTimers } from './timers.ts'

/** A run that takes longer counts as dead. If it is still alive, two runs at once do no harm. */
const runTimeoutMs = 600_000
const retryAfterMs = 60_000
const dayMs = 86_400_000

/** The work of each schedule besides its event; answers counts for that event. A person who asks for it wants all of it now. */
const workOf: Record<string, (ctx: Ctx, isAsked: boolean) => Promise<Record<string, number>>> = {
  'schedule.retention': (ctx, isAsked) => applyRetention(ctx, isAsked ? agedNow(ctx) : agedByDays(ctx)),
  'schedule.payment_timeouts': async (ctx) => ({ fired: await fireDueTimers(ctx) }),
}

/** Stores the row and the cron job of every schedule, by this process's settings. A new schedule's first slot is its next. */
export async function ensureSchedules(ctx: Ctx): Promise<void> {
  const timezone = ctx.schedulesTimezone
  const now = ctx.clock.now()
  const rows = schedules.map(({ name, cron }) => ({ name, cron, timezone, nextSlot: slotAfter(cron, timezone, now) }))
  await saveSchedules(ctx.db, rows, now)
  await ctx.jobs.cron(rows)
}

/**
 * Runs a schedule, if a slot is due. Idempotent, also when called concurrently: the row says whether a slot is due, and
 * the event's id (name and slot) makes its event unique. Slots missed while no process ran are made up for by one run, of
 * the latest.
 */
export async function runSchedule(ctx: Ctx, name: string): Promise<void> {
  const now = ctx.clock.now()
  const schedule = scheduleNamed(name)
  const row = schedule && (await claimRun(ctx.db, name, now, new Date(now.getTime() + runTimeoutMs)))
  if (!schedule || !row) return ctx.log.debug({ stage: 'schedule', schedule: name }, 'not due')
  const { cron, timezone } = row
  const slot = latestSlot(cron, timezone, row.nextSlot, now)
  try {
    const result = await run(ctx, { schedule, row, at: slot, once: slot.toISOString(), isAsked: false })
    await endRun(ctx.db, name, { at: now, result, slot: { done: slot, next: slotAfter(cron, timezone, now) } })
    ctx.log.info({ stage: 'schedule', schedule: name, ...result }, 'schedule run')
  } catch (error) {
    const again = new Date(ctx.clock.now().getTime() + retryAfterMs)
    await failRun(ctx.db, name, { at: now, result: failure(error, slot), again })
    ctx.log.error({ stage: 'schedule', schedule: name, err: error }, 'schedule run failed, to be retried')
  }
}

/** Runs a schedule now, for an operator, without changing its slots. Null where there is no schedule of this name. */
export async function runNow(
  ctx: Ctx,
  given: string,
  by: string,
): Promise<{ eventId: string; row: ScheduleRow } | null> {
  const schedule = scheduleNamed(given)
  const before = schedule && (await findSchedule(ctx.db, schedule.name))
  if (!schedule || !before) return null
  const { name } = schedule
  const now = ctx.clock.now()
  try {
    const result = await run(ctx, { schedule, row: before, at: now, once: uuidv7(), isAsked: true })
    await endRun(ctx.db, name, { at: now, result })
    ctx.log.info({ stage: 'schedule', schedule: name, by, ...result }, 'schedule run by an operator')
    const row = await findSchedule(ctx.db, name)
    if (!row) throw new Error(`no row for schedule ${name}`)
    return { eventId: result.eventId, row }
  } catch (error) {
    await failRun(ctx.db, name, { at: now, result: failure(error, now), again: null })
    throw error
  }
}

interface Result extends RunResult {
  eventId: string
}

interface Run {
  schedule: Schedule
  row: ScheduleRow
  at: Date
  /** Makes the id of this run's event unique. */
  once: string
  isAsked: boolean
}

async function run(ctx: Ctx, { schedule, row, at, once, isAsked }: Run): Promise<Result> {
  const { name } = schedule
  const since = row.lastSlot ?? new Date(at.getTime() - dayMs)
  const found = {
    since: since.toISOString(),
    ...(await workOf[name]?.(ctx, isAsked)),
    ...(schedule.counts && { events: await countEvents(ctx.db, schedule.counts, since) }),
  }
  const tick: ScheduleTick = { name, scheduledFor: at.toISOString(), ...found }
  const raw = writeTick(tick)
  const accepted = await makeAccept(ctx)({
    source: source.name,
    sourceId: `${name}@${once}`,
    raw,
    translation: await source.translate(raw),
    reportsFaultsToSender: false,
  })
  if (!accepted.ok) throw new Error(`${name}: ${accepted.detail}`)
  const { name: _, ...figures } = tick
  return { ok: true, eventId: accepted.id, ...figures }
}

function failure(error: unknown, at: Date) {
  return { ok: false, error: error instanceof Error ? error.message : String(error), scheduledFor: at.toISOString() }
}
