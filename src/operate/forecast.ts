// What would become of a notification that is drafted and not stored, up to the first call of a provider. Reads only.
// explain.ts asks for each; it is what delivery finds (decide.ts) when the time of the same draft, stored, has come.
import type { Ctx } from '../context.ts'
import { judge, routeStops } from '../deliver/decide.ts'
import type { NewNotification, Reason, State } from '../domain/notification.ts'
import type { RouteStop } from '../policy/next-step.ts'
import type { NewEvent } from '../store/events/insert.ts'
import { stopBefore } from '../store/events/stops.ts'

export interface Outlook extends Omit<NewNotification, 'state'> {
  state: State
  /** Who would be called, as things are now; null where nobody would. */
  provider: { name: string; why: string } | null
  route: { name: string; passedOver: string | null }[]
}

/** Which event that came makes needless what one of these types stops; null where none. */
export type StopOf = (types: readonly string[]) => Promise<Reason | null>

/** Asks once for each list of types: many recipients have the same. */
export function stopsOf(ctx: Ctx, event: NewEvent): StopOf {
  const known = new Map<string, Promise<Reason | null>>()
  return (types) => {
    const asked = known.get(types.join()) ?? stopBefore(ctx.db, event, types)
    known.set(types.join(), asked)
    return asked
  }
}

/** What is known now of the time at which the draft is due. */
export async function outlookOf(ctx: Ctx, draft: NewNotification, stopOf: StopOf): Promise<Outlook> {
  const { state, stoppedBy, scheduledFor } = draft
  const ended = { ...draft, provider: null, route: [] }
  if (state !== 'pending' && state !== 'scheduled') return ended
  const now = ctx.clock.now()
  const dueAt = state === 'scheduled' && scheduledFor ? scheduledFor : now
  const overtaken = stoppedBy && (await stopOf(stoppedBy))
  const known = { restartedAfter: 0, begun: false, generation: 0, suppressed: null, optedOut: null, overtaken }
  const then = judge(ctx, { ...draft, ...known, state, dueAt }, [], dueAt)
  if (then.kind === 'move' && then.move.reason) return { ...ended, state: then.move.state, reason: then.move.reason }
  if (then.kind === 'stop' && then.reason) return { ...ended, state: then.state, reason: then.reason }
  // Who is shut now need not be so then; this is what is known.
  const step = judge(ctx, { ...draft, ...known, state, dueAt: now }, [], now)
  const provider = step.kind === 'attempt' ? { name: step.provider, why: step.why } : null
  const waits = state === 'pending' && step.kind === 'wait' ? { reason: step.reason } : {}
  return { ...draft, ...waits, provider, route: routeOf(routeStops(ctx, draft.channel), provider?.name) }
}

function routeOf(stops: RouteStop[], chosen: string | undefined): Outlook['route'] {
  const at = stops.findIndex(({ provider }) => provider === chosen)
  return stops.map(({ provider: name, shut }, i) => ({
    name,
    passedOver: at < 0 || i < at ? (shut?.why ?? null) : null,
  }))
}
