// A person asks for events again: what was not sent is driven on, what was never made is planned, and what was sent
// stays sent unless `force` asks for another message. One event at once, or a window of them slice by slice.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { compose } from '../plan/compose.ts'
import { peopleOf } from '../plan/fan-out.ts'
import type { Translation } from '../sources/source.ts'
import { transaction } from '../store/db.ts'
import { type FoundEvent, findEvent } from '../store/events/load.ts'
import { asRefund } from '../store/events/refunds.ts'
import { ringAgain } from '../store/jobs/wake.ts'
import {
  eventsOfWindow,
  type Granted,
  grant,
  madeFrom,
  type Place,
  type Window,
  type Wish,
} from '../store/notifications/replay-events.ts'
import { advanceReplay, beginReplay, findReplay, type ReplayCounts } from '../store/notifications/replays.ts'
import type { Restart } from '../store/notifications/restart.ts'
import { publishedCopy } from '../store/people/copy.ts'
import { barredOf } from '../store/people/eligibility.ts'
import { type Assessment, assess, type Counts, type Wishes } from './replay-plan.ts'

const eventsAtOnce = 200
const sliceTakesMs = 1000
/** Without its body nothing can be made of an event any more. */
const gone: Translation = { ok: false, kind: 'refused', status: 400, detail: reason('retention').text }
const nothing: ReplayCounts = { events: 0, willSend: 0, alreadySent: 0, expired: 0, suppressed: 0, other: 0 }

/** Replays one event; null where there is none of that id. Twice without `force` does nothing twice. */
export async function replayEvent(
  ctx: Ctx,
  id: string,
  force: boolean,
  by: string,
): Promise<Counts | 'forgotten' | null> {
  const found = await findEvent(ctx.db, id)
  if (!found?.raw) return found && 'forgotten'
  const now = ctx.clock.now()
  const [assessed] = await assessAll(ctx, [found], { force })
  if (!assessed) throw new Error('an event was not assessed')
  const asked = { what: `${by} asked for a replay${force ? ', sent or not' : ''}.`, detail: null }
  const wish = { ...(await wishOf(ctx, assessed, by)), entry: asked }
  const granted = await transaction(ctx.db, (tx) => grant(tx, ctx.jobs, [wish], now))
  const counts = countsOf(assessed, granted)
  ctx.log.info({ stage: 'replay', event: id, by, force, ...counts }, 'event replayed')
  return counts
}

/** What a replay of a window would do, and nothing done. */
export async function planReplay(ctx: Ctx, window: Window): Promise<ReplayCounts> {
  let plan = nothing
  let after: Place | null = null
  for (;;) {
    const events: FoundEvent[] = await eventsOfWindow(ctx.db, window, after, eventsAtOnce)
    for (const { counts } of await assessAll(ctx, events, { force: false, ...window })) plan = sum(plan, counts)
    const last = events.at(-1)
    if (!last || events.length < eventsAtOnce) return plan
    after = placeOf(last)
    await setImmediate()
  }
}

/** Counts what it would do, then begins. Answers the run's id; `continueReplay` goes on from its row. */
export async function startReplay(ctx: Ctx, window: Window, ratePerSecond: number, by: string): Promise<string> {
  const plan = await planReplay(ctx, window)
  const createdAt = ctx.clock.now()
  const id = uuidv7({ msecs: createdAt.getTime() })
  await beginReplay(ctx.db, ctx.jobs, { id, window, ratePerSecond, by, plan, progress: nothing, createdAt })
  ctx.log.info({ stage: 'replay', replay: id, by, ...plan }, 'a replay begins')
  return id
}

/** One slice of a run: as many events as its rate allows for a second. Safe to call twice, at once even. */
export async function continueReplay(ctx: Ctx, id: string): Promise<void> {
  const run = await findReplay(ctx.db, id)
  if (!run?.dueAt) return
  const now = ctx.clock.now()
  const { dueAt } = run
  if (dueAt > now) return ringAgain(ctx.db, ctx.jobs, { stage: 'replay', priority: 'normal', id, at: dueAt })
  const events = await eventsOfWindow(ctx.db, run.window, run.cursor, eventsAtOnce)
  const slice = withinRate(await assessAll(ctx, events, { force: false, ...run.window }), run.ratePerSecond)
  const wishes: Wish[] = []
  for (const assessed of slice) wishes.push(await wishOf(ctx, assessed, run.by))
  const last = slice.at(-1)
  const willSend = slice.reduce((n, { counts }) => n + counts.willSend, 0)
  const isLast = slice.length === events.length && events.length < eventsAtOnce
  const pauseMs = willSend > 0 ? Math.max(1, willSend / run.ratePerSecond) * sliceTakesMs : 0
  const done = await advanceReplay(
    ctx.db,
    ctx.jobs,
    run,
    {
      wishes,
      cursor: last ? placeOf(last) : null,
      dueAt: isLast ? null : new Date(now.getTime() + pauseMs),
      progressOf: (granted) => slice.reduce((all, one) => sum(all, countsOf(one, granted)), run.progress),
    },
    now,
  )
  ctx.log.info({ stage: 'replay', replay: id, events: slice.length, willSend, done, isLast }, 'a slice was replayed')
}

interface Assessed extends FoundEvent, Assessment {}

async function assessAll(ctx: Ctx, events: FoundEvent[], wishes: Wishes): Promise<Assessed[]> {
  if (events.length === 0) return []
  const made = await madeFrom(
    ctx.db,
    events.map(({ event }) => event),
  )
  const read: (FoundEvent & { translation: Translation })[] = []
  for (const found of events) read.push({ ...found, translation: await translationOf(ctx, found) })
  const notifiers = events.flatMap(({ event }) => ctx.notifiersFor(event.type))
  const people = read.flatMap(({ translation }) =>
    translation.ok ? peopleOf(ctx, notifiers, translation.content) : [],
  )
  const barred = await barredOf(ctx.db, people, notifiers)
  return read.map(({ translation, ...found }) => {
    const { event } = found
    const rows = made.get(event.id) ?? []
    return { ...found, ...assess(ctx, event, translation, rows, barred, wishes) }
  })
}

async function translationOf(ctx: Ctx, { event, raw, lookUp }: FoundEvent): Promise<Translation> {
  const translation = raw ? ctx.translator(event.source)(raw, lookUp?.found) : gone
  return translation.ok ? { ...translation, content: await asRefund(ctx.db, translation.content) } : translation
}

/** The first events that together send no more than that, but at least one. */
function withinRate(assessed: Assessed[], rate: number): Assessed[] {
  let willSend = 0
  return assessed.filter(({ counts }, i) => {
    willSend += counts.willSend
    return i === 0 || willSend <= rate
  })
}

/** Finds the words that are missing; one that cannot be rendered is left as it is. */
async function wishOf(ctx: Ctx, { event, again, plans }: Assessed, by: string): Promise<Wish> {
  const what = `${by} replayed its event.`
  const restarts: Restart[] = []
  for (const { row, prospect } of again) {
    const message =
      row.hasMessage || !prospect
        ? null
        : await compose(ctx, prospect, await publishedCopy(ctx.db, [prospect.notifier]))
    if (!row.hasMessage && !message) continue
    const anew = row.state === 'sent' || row.state === 'delivered' || row.state === 'undelivered'
    const detail = `It was ${row.state}${row.reasonText ? `: ${row.reasonText}` : '.'}`
    restarts.push({ id: row.id, from: row.state, anew, message, entry: { what, detail } })
  }
  const entry = restarts.length > 0 || plans ? { what: `${by} replayed it.`, detail: null } : null
  return { event, restarts, plans, entry }
}

/** As assessed, but for what had moved on by then. */
function countsOf({ event, counts, again, plans, planned }: Assessed, granted: Granted): Counts {
  const left = again.filter(({ row }) => !granted.restarted.has(row.id)).length
  const unplanned = plans && !granted.planned.has(event.id) ? planned : 0
  return { ...counts, willSend: counts.willSend - left - unplanned, other: counts.other + left + unplanned }
}

function sum(all: ReplayCounts, one: Counts): ReplayCounts {
  return {
    events: all.events + 1,
    willSend: all.willSend + one.willSend,
    alreadySent: all.alreadySent + one.alreadySent,
    expired: all.expired + one.expired,
    suppressed: all.suppressed + one.suppressed,
    other: all.other + one.other,
  }
}

function placeOf({ event }: FoundEvent): Place {
  return { at: event.receivedAt, id: event.id }
}
