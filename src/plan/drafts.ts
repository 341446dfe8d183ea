// What an event comes to, part by part: notifications with their words, and why others are not made. Reads, writes nothing.
// plan.ts makes rows of it, explain.ts an answer, so that both say the same. fan-out.ts says who would get what,
// compose.ts in which words.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../context.ts'
import type { EventContent } from '../domain/event.ts'
import { identityOf, type NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { PlannedPart } from '../store/events/plans.ts'
import { type Copy, publishedCopy } from '../store/people/copy.ts'
import { barredOf } from '../store/people/eligibility.ts'
import { nobodyBarred, type Prospect } from './candidate.ts'
import { compose } from './compose.ts'
import { peopleOf, prospectsOf } from './fan-out.ts'

/** Recipients in one part: an event for many does not hold the others up, and its plan resumes where it died. */
const recipientsAtOnce = 50

interface Extent {
  /** Recipients before this one have their parts already. Default: none. */
  from?: number
  /** After so many notifications no more words are found. Default: words for all. */
  wordsFor?: number
}

/** One part at least: an event of nobody's may still be one that apps are told of. */
export async function* draftsOf(
  ctx: Ctx,
  event: StoredEvent,
  content: EventContent,
  { from: first = 0, wordsFor = Number.POSITIVE_INFINITY }: Extent = {},
): AsyncGenerator<PlannedPart> {
  const { recipients } = content
  const notifiers = ctx.notifiersFor(event.type)
  const earlier = first > 0 ? prospectsOf(ctx, event, content, nobodyBarred, [0, first]) : []
  const told = new Set(earlier.map(({ planned }) => identityOf(planned)))
  for (let from = first; from === first || from < recipients.length; from += recipientsAtOnce) {
    const range: [number, number] = [from, from + recipientsAtOnce]
    const barred = await barredOf(ctx.db, peopleOf(ctx, notifiers, content, range), notifiers)
    const copy = await publishedCopy(ctx.db, notifiers)
    const isLast = from + recipientsAtOnce >= recipients.length
    const part: PlannedPart = { range, payment: content.payment ?? null, notifications: [], omissions: [], isLast }
    for (const prospect of prospectsOf(ctx, event, content, barred, range)) {
      const { notifier, channel, recipientKey } = prospect.planned
      const key = identityOf(prospect.planned)
      if (told.has(key)) part.omissions.push({ notifier, channel, recipientKey, reason: reason('same_recipient') })
      else part.notifications.push(await draftOf(ctx, prospect, told.size < wordsFor ? copy : null))
      told.add(key)
    }
    yield part
  }
}

async function draftOf(ctx: Ctx, prospect: Prospect, copy: Copy | null): Promise<NewNotification> {
  const { planned } = prospect
  const id = uuidv7({ msecs: ctx.clock.now().getTime() })
  if ((planned.state !== 'pending' && planned.state !== 'scheduled') || !copy) return { ...planned, id, message: null }
  // Words take milliseconds, and many follow each other: whoever else waits has a turn in between.
  await setImmediate()
  if (planned.digest) return { ...planned, id, message: null }
  const message = await compose(ctx, prospect, copy)
  return message
    ? { ...planned, id, message }
    : { ...planned, id, message, state: 'failed', reason: reason('render_failed') }
}
