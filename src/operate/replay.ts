// Replays events for an operator, one at once or a time window in slices: restarts what was not sent, plans what is missing.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { FoundEvent } from '../domain/stored-event.ts'
import { entry } from '../domain/timeline.ts'
import { oneByOne } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import { findEvent } from '../store/events/load.ts'
import { snooze } from '../store/jobs/wake.ts'
import { eventsOfWindow, type Most, type Place, type Window } from '../store/notifications/replay-events.ts'
import {
  advanceReplay,
  findReplay,
  insertReplay,
  lockReplay,
  type Replay,
  type ReplayCounts,
} from '../store/notifications/replays.ts'
import { mebibyte } from '../wire/sizes.ts'
import { type AppliedReplays, applyReplays, copyFor } from './apply-replays.ts'
import { type EventReplay, planAll } from './replay-events.ts'
import type { Counts } from './replay-plan.ts'

/** So much of a window is planned at once: its translations take several times the memory of its bodies. */
const most: Most = { events: 200, bytes: mebibyte }
const sliceMs = 1000
const noCounts: ReplayCounts = { events: 0, willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }

const turns = new WeakMap<Ctx, ReturnType<typeof oneByOne>>()

/** Each may hold an event of 10 MiB and its notifications, so a process does one at a time. */
function inTurn<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> {
  const turn = turns.get(ctx) ?? oneByOne()
  turns.set(ctx, turn)
  return turn(work)
}

/** Counts what a replay of one event would do, as `replayEvent` answers; reads only. */
export async function planEventReplay(ctx: Ctx, id: string, force: boolean): Promise<Counts | 'forgotten' | null> {
  return inTurn(ctx, async () => {
    const planned = await planOne(ctx, id, force)
    return planned === null || planned === 'forgotten' ? planned : planned.counts
  })
}

/** Replays one event; null where there is none of that id. With `force` it also sends again what was sent; else idempotent. */
export async function replayEvent(
  ctx: Ctx,
  id: string,
  force: boolean,
  by: string,
): Promise<Counts | 'forgotten' | null> {
  return inTurn(ctx, async () => {
    const now = ctx.clock.now()
    const planned = await planOne(ctx, id, force)
    if (planned === null || planned === 'forgotten') return planned
    const copy = await copyFor(ctx, [planned])
    const requested = entry('event_replay_requested', { by, force })
    const applied = await transaction(ctx.db, (tx) => applyReplays(ctx, tx, [planned], { by, copy, now, requested }))
    const counts = countsOf(planned, applied)
    ctx.log.info({ stage: 'replay', event: id, by, force, ...counts }, 'event replayed')
    return counts
  })
}

async function planOne(ctx: Ctx, id: string, force: boolean): Promise<EventReplay | 'forgotten' | null> {
  const found = await findEvent(ctx.db, id)
  if (!found?.raw) return found && 'forgotten'
  const [planned] = await planAll(ctx, [found], { force })
  if (!planned) throw new Error('the replay of the event was not planned')
  return planned
}

/** Counts what a replay of the window would do; reads only. */
export async function planReplay(ctx: Ctx, window: Window): Promise<ReplayCounts> {
  let plan = noCounts
  for (let after: Place | null = null; ; await setImmediate()) {
    const part: PlannedPart = await inTurn(ctx, () => planPart(ctx, window, after))
    plan = part.counts.reduce(addCounts, plan)
    if (part.isLast) return plan
    after = part.place ?? after
  }
}

interface PlannedPart {
  counts: Counts[]
  /** Where its last event is; null where there is none. */
  place: Place | null
  isLast: boolean
}

/** Of a part of the window, only the counts are kept. */
async function planPart(ctx: Ctx, window: Window, after: Place | null): Promise<PlannedPart> {
  const { events, isLast } = await eventsOfWindow(ctx.db, window, after, most)
  const planned = await planAll(ctx, events, { force: false, ...window })
  const last = events.at(-1)
  return { counts: planned.map(({ counts }) => counts), place: last ? placeOf(last) : null, isLast }
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
  await inTurn(ctx, async () => {
    const run = await findReplay(ctx.db, id)
    if (run?.dueAt) await replaySlice(ctx, { ...run, dueAt: run.dueAt })
  })
}

async function replaySlice(ctx: Ctx, run: Replay & { dueAt: Date }): Promise<void> {
  const { id, dueAt, by } = run
  const now = ctx.clock.now()
  if (dueAt > now)
    return transaction(ctx.db, (tx) =>
      snooze(tx, ctx.jobs, { stage: 'replay', priority: 'normal', id, at: dueAt }, now),
    )
  const part = await eventsOfWindow(ctx.db, run.window, run.cursor, most)
  const slice = withinRate(await planAll(ctx, part.events, { force: false, ...run.window }), run.ratePerSecond)
  const copy = await copyFor(ctx, slice)
  const willSend = slice.reduce((n, { counts }) => n + counts.willSend, 0)
  const isWhole = slice.length === part.events.length
  const isLast = isWhole && part.isLast
  // A slice that ends for its bytes may be followed within the second.
  const leastPause = isWhole && part.isCut ? 0 : 1
  const pauseMs = willSend > 0 ? Math.max(leastPause, willSend / run.ratePerSecond) * sliceMs : 0
  const last = slice.at(-1)
  const done = await transaction(ctx.db, async (tx) => {
    if (!(await lockReplay(tx, run))) return false
    const applied = await applyReplays(ctx, tx, slice, { by, copy, now })
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
