// Second stage: an event's row becomes notifications with frozen messages, and their alarms for deliver.ts.
// The raw body is translated and its data checked again: the row, not the request, is what is planned.
// drafts.ts says what is made of it.
import type { Ctx } from './ctx.ts'
import { draftsOf } from './drafts.ts'
import { faultOf } from './prospects.ts'
import { reason } from './reason.ts'
import { findEvent, type StoredEvent } from './store/events.ts'
import type { Alarm } from './store/jobs.ts'
import { endPlan, type PlannedPart, storePlannedPart } from './store/plans.ts'

/** Planned by one alarm, about a second's work: then another event has its turn, and a stop has not long to wait. */
const recipientsAtATurn = 250

/** Plans an accepted event, or the next turn's worth of one for many. Called twice, at once even, it makes nothing twice. */
export async function plan(ctx: Ctx, eventId: string): Promise<void> {
  const startedAt = ctx.clock.now()
  const found = await findEvent(ctx.db, eventId)
  if (found?.event.status !== 'accepted') return
  const { event, raw } = found
  const translation = ctx.translator(event.source)(raw)
  const fault = faultOf(translation, ctx.notifiersFor(event.type))
  if (fault || !translation.ok) {
    await endPlan(ctx.db, event.id, fault?.code === 'no_notifier' ? 'ignored' : 'failed', fault ?? reason('bad_data'))
    ctx.log.warn({ stage: 'plan', event: event.id, type: event.type, reason: fault?.code }, 'event not planned')
    return
  }
  let made = 0
  let isLast = false
  for await (const part of draftsOf(ctx, event, translation.content, { from: event.plannedUpTo })) {
    const rest = goesOnHere(event, part) ? null : restOf(event)
    const created = await storePlannedPart(ctx.db, ctx.jobs, event, part, rest, ctx.clock.now())
    if (created === null) return
    made += created
    isLast = part.isLast
    if (rest) break
  }
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  const what = isLast ? 'event planned' : 'event planned in part'
  ctx.log.info({ stage: 'plan', event: event.id, type: event.type, notifications: made, ms }, what)
}

/** The first part goes at its event's own pace; an event for many then takes turns with what else is to be planned. */
function goesOnHere(event: StoredEvent, { range: [, upTo] }: PlannedPart): boolean {
  return event.plannedUpTo > 0 && upTo < event.plannedUpTo + recipientsAtATurn
}

/** Among the bulk, but for what is urgent for many. */
function restOf({ id, priority }: StoredEvent): Alarm {
  return { stage: 'plan', priority: priority === 'high' ? 'high' : 'bulk', id }
}
