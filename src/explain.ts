// What would become of an event, with nothing stored, queued or sent: who would get what, when, by which provider, in
// which words, and why not. It asks what the stages ask (admit.ts, drafts.ts, decide.ts), so that it says what they do.
import { admit, type IncomingEvent, type Refusal } from './admit.ts'
import type { Ctx } from './ctx.ts'
import { judge, routeStops } from './decide.ts'
import { draftsOf } from './drafts.ts'
import type { RouteStop } from './next-step.ts'
import type { NewNotification, Reason, State } from './notification.ts'
import { faultOf } from './prospects.ts'
import { reason } from './reason.ts'
import { needsOf } from './sources/source.ts'
import type { AcceptedEvent, NewEvent } from './store/events.ts'
import { firstOf, isOvertaken } from './store/foresight.ts'
import { type Omission, toldByOthers } from './store/plans.ts'

/** Notifications, and omissions, told one by one; the others are counted. */
const toldOneByOne = 100

export interface Explained {
  ok: true
  event: NewEvent
  status: 'accepted' | 'ignored' | 'failed'
  reason: Reason | null
  /** The event of the same source and id that came before: nothing happens twice. */
  first: AcceptedEvent | null
  outlooks: Outlook[]
  /** All of them, by the state that they would have. */
  counts: Partial<Record<State, number>>
  omissions: Omission[]
}

/** What would become of one notification, up to the first call of a provider. */
export interface Outlook extends Omit<NewNotification, 'state'> {
  state: State
  /** Who would be called, as things are now; null where nobody would. */
  provider: { name: string; why: string } | null
  route: { name: string; passedOver: string | null }[]
}

/** Refuses what a sender would be refused. Reads only; throws where the database is away. */
export async function explain(ctx: Ctx, incoming: IncomingEvent): Promise<Explained | Refusal> {
  const admitted = admit(ctx, incoming)
  if (!admitted.ok) return admitted
  const { event } = admitted
  const { translation } = incoming
  const first = await firstOf(ctx.db, event)
  const nothing = { ok: true as const, event, first, outlooks: [], counts: {}, omissions: [] }
  if (first)
    return { ...nothing, status: statusOf(first.status), reason: reason('duplicate', `It is event ${first.id}.`) }
  if (event.status !== 'accepted') return { ...nothing, status: statusOf(event.status), reason: event.reason }
  // In the real run this comes first, and may name people and other events of the same payment.
  const isAsked = needsOf(translation) !== null && ctx.lookUp(event.source) !== null
  const asked = isAsked ? reason('looking_up', 'Explaining does not ask: this is what the event itself says.') : null
  if (asked && !translation.ok) return { ...nothing, status: 'accepted', reason: asked }
  const fault = faultOf(translation, ctx.notifiersFor(event.type))
  if (fault || !translation.ok) return { ...nothing, status: 'failed', reason: fault ?? reason('bad_data') }

  // A worker knows this all the time; a process that only answers HTTP does not.
  await ctx.health.refresh()
  const outlooks: Outlook[] = []
  const counts: Explained['counts'] = {}
  const omissions: Omission[] = []
  const lookAhead = foresight(ctx, event)
  const asStored = { ...event, replayedAt: null, plannedUpTo: 0 }
  for await (const part of draftsOf(ctx, asStored, translation.content, { wordsFor: toldOneByOne })) {
    const told = await toldByOthers(ctx.db, asStored, part.notifications)
    omissions.push(...part.omissions, ...told)
    for (const draft of part.notifications.filter((n) => !told.some((omission) => isSame(omission, n)))) {
      const outlook = await lookAhead(draft)
      counts[outlook.state] = (counts[outlook.state] ?? 0) + 1
      if (outlooks.length < toldOneByOne) outlooks.push(outlook)
    }
  }
  return {
    ...nothing,
    status: 'accepted',
    reason: asked,
    outlooks,
    counts,
    omissions: omissions.slice(0, toldOneByOne),
  }
}

/** As a sender is told it: what was accepted stays so, whatever became of it. */
function statusOf(status: AcceptedEvent['status']): Explained['status'] {
  return status === 'planned' ? 'accepted' : status
}

function isSame(a: Omission, b: NewNotification): boolean {
  return a.notifier === b.notifier && a.channel === b.channel && a.recipientKey === b.recipientKey
}

/** What delivery would find at the time that the draft is due, as far as it is known now. */
function foresight(ctx: Ctx, event: NewEvent): (draft: NewNotification) => Promise<Outlook> {
  const overtaken = new Map<string, Promise<boolean>>()
  const isStale = (types: readonly string[]) => {
    const asked = overtaken.get(types.join()) ?? isOvertaken(ctx.db, event, types)
    overtaken.set(types.join(), asked)
    return asked
  }
  return async (draft) => {
    const { state, stoppedBy, scheduledFor } = draft
    const ended = { ...draft, provider: null, route: [] }
    if (state !== 'pending' && state !== 'scheduled') return ended
    const now = ctx.clock.now()
    const dueAt = state === 'scheduled' && scheduledFor ? scheduledFor : now
    const stale = stoppedBy !== null && (await isStale(stoppedBy))
    const asStored = {
      ...draft,
      state,
      dueAt,
      restartedAfter: 0,
      generation: 0,
      suppressed: null,
      optedOut: null,
      stale,
    }
    const then = judge(ctx, asStored, [], dueAt)
    if (then.kind === 'move' && then.move.reason) return { ...ended, state: then.move.state, reason: then.move.reason }
    if (then.kind === 'stop' && then.reason) return { ...ended, state: then.state, reason: then.reason }
    // Who is shut now need not be so then; this is what is known.
    const step = judge(ctx, { ...asStored, dueAt: now }, [], now)
    const provider = step.kind === 'attempt' ? { name: step.provider, why: step.why } : null
    const waits = state === 'pending' && step.kind === 'wait' ? { reason: step.reason } : {}
    return { ...draft, ...waits, provider, route: routeOf(routeStops(ctx, draft.channel), provider?.name) }
  }
}

function routeOf(stops: RouteStop[], chosen: string | undefined): Outlook['route'] {
  const at = stops.findIndex(({ provider }) => provider === chosen)
  return stops.map(({ provider: name, shut }, i) => ({
    name,
    passedOver: at < 0 || i < at ? (shut?.why ?? null) : null,
  }))
}
