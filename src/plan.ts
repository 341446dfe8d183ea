// Second stage: an event's row becomes notifications with frozen messages, and their alarms for deliver.ts.
// The raw body is translated and its data checked again: the row, not the request, is what is planned.
// drafts.ts says what is made of it.
import { setImmediate } from 'node:timers/promises'
import type { Ctx } from './ctx.ts'
import { draftsOf } from './drafts.ts'
import { faultOf } from './prospects.ts'
import { reason } from './reason.ts'
import { findEvent } from './store/events.ts'
import { endPlan, storePlannedPart } from './store/plans.ts'

/** Recipients planned in one transaction: an event for many does not hold the others up, and resumes where it died. */
const recipientsAtOnce = 50

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
  const { recipients } = translation.content
  let made = 0
  // Once at least: an event of nobody's may still be one that apps are told of.
  for (let from = 0; from === 0 || from < recipients.length; from += recipientsAtOnce) {
    const part = await draftsOf(ctx, event, translation.content, [from, from + recipientsAtOnce])
    const isLast = from + recipientsAtOnce >= recipients.length
    made += await storePlannedPart(ctx.db, ctx.jobs, event, { ...part, isLast }, ctx.clock.now())
    if (!isLast) await setImmediate()
  }
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  ctx.log.info({ stage: 'plan', event: event.id, type: event.type, notifications: made, ms }, 'event planned')
}
