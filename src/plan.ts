// Second stage: an event's row becomes notifications with frozen messages, and their alarms for deliver.ts.
// The raw body is translated and its data checked again: the row, not the request, is what is planned.
// prospects.ts says who would get what, compose.ts in which words.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { compose } from './compose.ts'
import type { Ctx } from './ctx.ts'
import type { EventContent } from './event.ts'
import type { NewNotification } from './notification.ts'
import { faultOf, type Prospect, prospectsOf } from './prospects.ts'
import { reason } from './reason.ts'
import { barredOf } from './store/barred.ts'
import { findEvent, type StoredEvent } from './store/events.ts'
import { endPlan, type Omission, type PlannedPart, storePlannedPart } from './store/plans.ts'

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
    const part = await planPart(ctx, event, translation.content, [from, from + recipientsAtOnce])
    const isLast = from + recipientsAtOnce >= recipients.length
    made += await storePlannedPart(ctx.db, ctx.jobs, event, { ...part, isLast }, ctx.clock.now())
    if (!isLast) await setImmediate()
  }
  const ms = ctx.clock.now().getTime() - startedAt.getTime()
  ctx.log.info({ stage: 'plan', event: event.id, type: event.type, notifications: made, ms }, 'event planned')
}

async function planPart(
  ctx: Ctx,
  event: StoredEvent,
  content: EventContent,
  range: [number, number],
): Promise<Omit<PlannedPart, 'isLast'>> {
  const barred = await barredOf(ctx.db, content.recipients.slice(...range), ctx.notifiersFor(event.type))
  const notifications = new Map<string, NewNotification>()
  const omissions: Omission[] = []
  for (const prospect of prospectsOf(ctx, event, content, barred, range)) {
    const { notifier, channel, recipientKey } = prospect.planned
    const key = `${notifier} ${channel} ${recipientKey}`
    if (notifications.has(key)) omissions.push({ notifier, channel, recipientKey, reason: reason('same_recipient') })
    else notifications.set(key, await planOne(ctx, prospect))
  }
  return { notifications: [...notifications.values()], omissions }
}

async function planOne(ctx: Ctx, prospect: Prospect): Promise<NewNotification> {
  const { planned } = prospect
  const id = uuidv7({ msecs: ctx.clock.now().getTime() })
  if (planned.state !== 'pending' && planned.state !== 'scheduled') return { ...planned, id, message: null }
  const message = await compose(ctx, prospect)
  return message
    ? { ...planned, id, message }
    : { ...planned, id, message, state: 'failed', reason: reason('render_failed') }
}
