// Forecasts what an event would lead to, without storing, enqueueing or sending anything. It calls the functions of the
// stages themselves, so that the forecast agrees with what they do.
import { type IncomingEvent, type Refusal, validate } from '../accept/validate.ts'
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import type { AttemptCause } from '../domain/attempt-cause.ts'
import type { EventContent } from '../domain/event.ts'
import { factOf } from '../domain/fact.ts'
import type { NewNotification, Omission, State } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { SupersedingEvent } from '../domain/superseding.ts'
import type { Unavailability } from '../domain/unavailable.ts'
import { routeStops } from '../guard/route-stops.ts'
import { draftsOf } from '../plan/drafts.ts'
import { faultOf } from '../plan/fault.ts'
import { followUpsOf } from '../plan/follow-ups.ts'
import { findFact } from '../plan/payment.ts'
import { asRefund } from '../plan/refund.ts'
import { duplicates, withoutOmitted } from '../policy/duplicates.ts'
import { supersededBy } from '../policy/eligibility.ts'
import { judge } from '../policy/judge.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import type { RouteStop } from '../policy/terms.ts'
import { missingOf } from '../sources/source.ts'
import { type AcceptedEvent, findFirst, type NewEvent } from '../store/events/insert.ts'
import { notificationsOfFact } from '../store/events/omissions.ts'
import { possibleStops } from '../store/events/stops.ts'
import { readHealth } from '../store/providers/health.ts'

/** How many notifications, and how many omissions, are listed; the others are only counted. */
const maxListed = 100

export interface Explained extends Forecasts {
  ok: true
  event: NewEvent
  status: 'accepted' | 'ignored' | 'failed'
  reason: Reason | null
  hint: string | null
  /** The stored event with the same source and id, which makes this one a duplicate; null where there is none. */
  first: AcceptedEvent | null
}

interface Forecasts {
  forecasts: Forecast[]
  /** The number of notifications in each state that they would have. */
  counts: Partial<Record<State, number>>
  omissions: Omission[]
  /** The number of all omissions. */
  omitted: number
  timers: TimerForecast[]
}

/** A notification as it would be at its first attempt. */
export interface Forecast extends Omit<NewNotification, 'state'> {
  state: State
  /** The provider that would be called now; null where none would. */
  provider: { name: string; cause: AttemptCause } | null
  route: { name: string; passedOver: Unavailability | null }[]
}

/** A follow-up event that a timer would make. `reason` is set where an earlier event supersedes it already. */
export interface TimerForecast {
  emits: string
  dueAt: Date
  reason: Reason | null
}

/** Refuses what accepting would refuse. Reads only; throws where the database is unavailable. */
export async function explain(workCtx: Ctx, incoming: IncomingEvent): Promise<Explained | Refusal> {
  const ctx = { ...workCtx, db: workCtx.reads.db }
  const validated = await validate(ctx, incoming)
  if (!validated.ok) return validated
  const { event, hint } = validated
  const { translation } = incoming
  const [first = null] = (await findFirst(ctx.db, [event])).values()
  const nothing = {
    ...{ ok: true as const, event, hint, first },
    ...{ forecasts: [], counts: {}, omissions: [], omitted: 0, timers: [] },
  }
  if (first) return { ...nothing, status: statusOf(first.status), reason: reason('duplicate', { event: first.id }) }
  if (event.status !== 'accepted') return { ...nothing, status: statusOf(event.status), reason: event.reason }
  // A real run enriches first, which may add recipients and other ids of the same payment.
  const isAsked = missingOf(translation) !== null && ctx.sources.named(event.source).enrich !== null
  const asked = isAsked ? reason('enriching', { isExplained: true }) : null
  if (asked && !translation.ok) return { ...nothing, status: 'accepted', reason: asked }
  const fault = await faultOf(translation, ctx.notifiersFor(event.type))
  if (fault || !translation.ok) return { ...nothing, status: 'failed', reason: fault ?? reason('bad_data') }

  return { ...nothing, status: 'accepted', reason: asked, ...(await forecastAll(ctx, event, translation.content)) }
}

async function forecastAll(ctx: Ctx, event: NewEvent, translated: EventContent): Promise<Forecasts> {
  // Workers keep the health up to date; a process that only serves HTTP does not.
  ctx.health.see(await readHealth(ctx.db))
  const content = await asRefund(ctx.db, translated)
  const asStored = {
    ...event,
    fact: content.refund ? content.fact : event.fact,
    replayedAt: null,
    plannedUpTo: 0,
    stopped: 0,
  }
  const supersedingOf = memoized(ctx, event)
  const forecasted: Forecasts = { forecasts: [], counts: {}, omissions: [], omitted: 0, timers: [] }
  const { forecasts, counts, omissions, timers } = forecasted
  const fact = content.payment ? await findFact(ctx.db, content.payment, ctx.clock.now()) : factOf(asStored)
  const madeByOthers = await notificationsOfFact(ctx.db, fact, event.id)
  const yieldTurn = eventLoopYielder()
  for await (const part of draftsOf(ctx, asStored, content, { messagesFor: maxListed })) {
    const made = duplicates(fact, part.notifications, madeByOthers)
    const omitted = [...part.omissions, ...made]
    omissions.push(...omitted.slice(0, maxListed - omissions.length))
    forecasted.omitted += omitted.length
    for (const draft of withoutOmitted(part.notifications, made)) {
      await yieldTurn()
      const forecast = await forecastOf(ctx, draft, supersedingOf)
      counts[forecast.state] = (counts[forecast.state] ?? 0) + 1
      if (forecasts.length < maxListed) forecasts.push(forecast)
    }
  }
  for (const { emits, dueAt, stoppedBy } of followUpsOf(ctx, asStored).timers) {
    const by = await supersedingOf(stoppedBy)
    timers.push({ emits, dueAt, reason: by && supersededBy(by) })
  }
  return forecasted
}

/** The earlier event of one of these types that supersedes the notification; null where there is none. */
type SupersedingOf = (types: readonly string[]) => Promise<SupersedingEvent | null>

/** Queries once for each list of types: many recipients share one. */
function memoized(ctx: Ctx, event: NewEvent): SupersedingOf {
  const known = new Map<string, ReturnType<SupersedingOf>>()
  return (types) => {
    const asked = known.get(JSON.stringify(types)) ?? findSuperseding(ctx, event, types)
    known.set(JSON.stringify(types), asked)
    return asked
  }
}

async function findSuperseding(ctx: Ctx, event: NewEvent, types: readonly string[]): Promise<SupersedingEvent | null> {
  const supersedable = await possibleStops(ctx.db, event, types)
  return supersedable && supersedingEvent(supersedable)
}

/** Judges the draft at its due time, by what is known now. */
async function forecastOf(ctx: Ctx, draft: NewNotification, supersedingOf: SupersedingOf): Promise<Forecast> {
  const { state, stoppedBy, scheduledFor } = draft
  const ended = { ...draft, provider: null, route: [] }
  if (state !== 'pending' && state !== 'scheduled') return ended
  const now = ctx.clock.now()
  const stops = () => routeStops(ctx.routeOf(draft), ctx.health)
  const dueAt = state === 'scheduled' && scheduledFor ? scheduledFor : now
  const by = stoppedBy && (await supersedingOf(stoppedBy))
  const known = {
    ...{ restartedAfter: 0, attempted: false, generation: 0 },
    ...{ suppressed: null, optedOut: null, supersededBy: by },
  }
  const then = judge(stops(), { ...draft, ...known, state, dueAt }, [], dueAt)
  if (then.kind === 'move' && then.move.reason) return { ...ended, state: then.move.state, reason: then.move.reason }
  if (then.kind === 'stop' && then.reason) return { ...ended, state: then.state, reason: then.reason }
  // Which providers will be available at the due time is unknown, so the route is judged as of now.
  const step = judge(stops(), { ...draft, ...known, state, dueAt: now }, [], now)
  const provider = step.kind === 'attempt' ? { name: step.provider, cause: step.cause } : null
  const waits = state === 'pending' && step.kind === 'wait' ? { reason: step.reason } : {}
  return { ...draft, ...waits, provider, route: routeOf(stops(), provider?.name) }
}

function routeOf(stops: RouteStop[], chosen: string | undefined): Forecast['route'] {
  const at = stops.findIndex(({ provider }) => provider === chosen)
  return stops.map(({ provider: name, unavailable }, i) => ({
    name,
    passedOver: at < 0 || i < at ? (unavailable?.cause ?? null) : null,
  }))
}

/** The status as the sender was answered: a planned event was accepted. */
function statusOf(status: AcceptedEvent['status']): Explained['status'] {
  return status === 'planned' ? 'accepted' : status
}
