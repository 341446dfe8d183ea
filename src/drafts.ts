// What an event comes to, part by part: notifications with their words, and why others are not made. Reads, writes nothing.
// plan.ts makes rows of it, explain.ts an answer, so that both say the same. prospects.ts says who would get what,
// compose.ts in which words.
import { v7 as uuidv7 } from 'uuid'
import { compose } from './compose.ts'
import type { Ctx } from './ctx.ts'
import type { EventContent } from './event.ts'
import type { NewNotification } from './notification.ts'
import { type Prospect, peopleOf, prospectsOf } from './prospects.ts'
import { reason } from './reason.ts'
import { barredOf } from './store/barred.ts'
import type { StoredEvent } from './store/events.ts'
import type { Omission, PlannedPart } from './store/plans.ts'

/** Of the recipients in the range, in their order; with the first of them the operator and the apps. */
export async function draftsOf(
  ctx: Ctx,
  event: StoredEvent,
  content: EventContent,
  range: [number, number],
): Promise<Omit<PlannedPart, 'isLast'>> {
  const notifiers = ctx.notifiersFor(event.type)
  const barred = await barredOf(ctx.db, peopleOf(ctx, notifiers, content, range), notifiers)
  const notifications = new Map<string, NewNotification>()
  const omissions: Omission[] = []
  for (const prospect of prospectsOf(ctx, event, content, barred, range)) {
    const { notifier, channel, recipientKey } = prospect.planned
    const key = `${notifier} ${channel} ${recipientKey}`
    if (notifications.has(key)) omissions.push({ notifier, channel, recipientKey, reason: reason('same_recipient') })
    else notifications.set(key, await draftOf(ctx, prospect))
  }
  return { notifications: [...notifications.values()], omissions }
}

async function draftOf(ctx: Ctx, prospect: Prospect): Promise<NewNotification> {
  const { planned } = prospect
  const id = uuidv7({ msecs: ctx.clock.now().getTime() })
  if (planned.state !== 'pending' && planned.state !== 'scheduled') return { ...planned, id, message: null }
  const message = await compose(ctx, prospect)
  return message
    ? { ...planned, id, message }
    : { ...planned, id, message, state: 'failed', reason: reason('render_failed') }
}
