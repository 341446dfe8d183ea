// Replays events for an operator, one at once or a time window in slices: restarts what was not sent, plans what is missing.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { entry } from '../domain/timeline.ts'
import { transaction } from '../store/db.ts'
import { type FoundEvent, findEvent } from '../store/events/load.ts'
import { snooze } from '../store/jobs/wake.ts'
import { eventsOfWindow, type Place, type Window } from '../store/notifications/replay-events.ts'
import {
  advanceReplay,
  findReplay,
  insertReplay,
  lockReplay,
  type ReplayCounts,
} from '../store/notifications/replays.ts'
import { type AppliedReplays, applyReplays } from './apply-replays.ts'
import { actionsOf, type EventReplay, planAll } from './replay-events.ts'
import type { Counts } from './replay-plan.ts'

const eventBatchSize = 200
const sliceMs = 1000
const noCounts: ReplayCounts = { events: 0, willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }

/** Counts what a replay of one event would do, as `replayEvent` answers; reads only. */
export async function planEventReplay(ctx: Ctx, id: string, force: boolean): Promise<Counts | 'forgotten' | null> {
  const found = await findEvent(ctx.db, id)
  if (!found?.raw) return found && 'forgotten'
  const [planned] = await planAll(ctx, [found], { force })
  if (!planned) throw new Error('the replay of the event was not planned')
  return planned.counts
}

/** Replays one event; null where there is none of that id. With `force` it also sends again what was sent; else idempotent. */
export async function replayEvent(
  ctx: Ctx,
  id: string,
  force: boolean,
  by: string,
): Promise<Counts | 'forgotten' | null> {
  const found = await findEvent(ctx.db, id)
  if (!found?.raw) return found && 'forgotten'
  const now = ctx.clock.now()
  const [planned] = await planAll(ctx, [found], { force })
  if (!planned) throw new Error('the replay of the event was not planned')
  const requested = entry('event_replay_requested', { by, force })
  const actions = (await actionsOf(ctx, [planned], by)).map((action) => ({ ...action, entry: requested }))
  const applied = await transaction(ctx.db, (tx) => applyReplays(ctx, tx, actions, now))
  const counts = countsOf(planned, applied)
  ctx.log.info({ stage: 'replay', event: id, by, force, ...counts }, 'event replayed')
  return counts
}

/** Counts what a replay of the window would do; reads only. */
export async function planReplay(ctx: Ctx, window: Window): Promise<ReplayCounts> {
  let plan = noCounts
  let after: Place | null = null
  for (;;) {
    const events: FoundEvent[] = await eventsOfWindow(ctx.db, window, after, eventBatchSize)
    for (const { counts } of await planAll(ctx, events, { force: false, ...window })) plan = addCounts(plan, counts)
    const last = events.at(-1)
    if (!last || events.length < eventBatchSize) return plan
    after = placeOf(last)
    await setImmediate()
  }
}

/** Stores a replay with its plan and enqueues its first slice. Answers the replay's id. */
export async function startReplay(ctx: Ctx, window: Window, ratePerSecond: number, by: string): Promise<string> {
  const plan = await planReplay(ctx, window)
  const createdAt = ctx.clock.now()
  const id = uuidv7({ msecs: createdAt.getTime() })
  await transaction(ctx.db, async (tx) => {
    await insertReplay(tx, { id, window, ratePerSecond, by, plan, progress: noCounts, createdAt })
    await ctx.jobs.enqueue(tx, [{ stage: 'replay', priority: 'normal', id }])
  })
  ctx.log.info({ stage: 'replay', replay: id, by, ...plan }, 'replay started')
  return id
}

/** Replays the next slice: the events that its rate allows for a second. Idempotent, also when called concurrently. */
export async function continueReplay(ctx: Ctx, id: string): Promise<void> {
  const run = await findReplay(ctx.db, id)
  if (!run?.dueAt) return
  const now = ctx.clock.now()
  const { dueAt } = run
  if (dueAt > now)
    return transaction(ctx.db, (tx) =>
      snooze(tx, ctx.jobs, { stage: 'replay', priority: 'normal', id, at: dueAt }, now),
    )
  const events = await eventsOfWindow(ctx.db, run.window, run.cursor, eventBatchSize)
  const slice = withinRate(await planAll(ctx, events, { force: false, ...run.window }), run.ratePerSecond)
  const actions = await actionsOf(ctx, slice, run.by)
  const willSend = slice.reduce((n, { counts }) => n + counts.willSend, 0)
  const isLast = slice.length === events.length && events.length < eventBatchSize
  const pauseMs = willSend > 0 ? Math.max(1, willSend / run.ratePerSecond) * sliceMs : 0
  const last = slice.at(-1)
  const done = await transaction(ctx.db, async (tx) => {
    if (!(await lockReplay(tx, run))) return false
    const applied = await applyReplays(ctx, tx, actions, now)
    const progress = slice.reduce((all, one) => addCounts(all, countsOf(one, applied)), run.progress)
    const next = isLast ? null : new Date(now.getTime() + pauseMs)
    await advanceReplay(tx, id, { progress, cursor: last ? placeOf(last) : run.cursor, dueAt: next, now })
    if (next) {
      const at = next > now ? { at: next } : {}
      await ctx.jobs.enqueue(tx, [{ stage: 'replay', priority: 'normal', id, ...at }])
    }
    return true
  })
  ctx.log.info({ stage: 'replay', replay: id, events: slice.length, willSend, done, isLast }, 'slice replayed')
}

/** The first events that together send at most `rate` notifications, but at least one event. */
function withinRate(planned: EventReplay[], rate: number): EventReplay[] {
  let willSend = 0
  return planned.filter(({ counts }, i) => {
    willSend += counts.willSend
    return i === 0 || willSend <= rate
  })
}

/** The planned counts, less what had moved before it was carried out. */
function countsOf({ event, counts, restarts, plans, planned }: EventReplay, applied: AppliedReplays): Counts {
  const left = restarts.filter(({ row }) => !applied.restarted.has(row.id)).length
  const unplanned = plans && !applied.planned.has(event.id) ? planned : 0
  return { ...counts, willSend: counts.willSend - left - unplanned, other: counts.other + left + unplanned }
}

function addCounts(all: ReplayCounts, one: Counts): ReplayCounts {
  return {
    events: all.events + 1,
    willSend: all.willSend + one.willSend,
    alreadySent: all.alreadySent + one.alreadySent,
    expired: all.expired + one.expired,
    suppressed: all.suppressed + one.suppressed,
    other: all.other + one.other,
  }
}

function placeOf({ event }: Pick<FoundEvent, 'event'>): Place {
  return { at: event.receivedAt, id: event.id }
}
