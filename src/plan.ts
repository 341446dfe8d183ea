// Second stage: an event's row becomes notifications with frozen messages, and their alarms for deliver.ts.
// The raw body is translated and its data checked again: the row, not the request, is what is planned.
// drafts.ts says what is made of it.
import type { Ctx } from './ctx.ts'
import { draftsOf } from './drafts.ts'
import { faultOf } from './prospects.ts'
import { reason } from './reason.ts'
import { findEvent } from './store/events.ts'
import { endPlan, storePlannedPart } from './store/plans.ts'

/** Plans an accepted event to its end. Called twice, at once even, it makes nothing twice. */
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
  for await (const part of draftsOf(ctx, event, translation.content))
    made += await storePlannedPart(ctx.db, ctx.jobs, event, part, ctx.clock.now())
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  ctx.log.info({ stage: 'plan', event: event.id, type: event.type, notifications: made, ms }, 'event planned')
}
