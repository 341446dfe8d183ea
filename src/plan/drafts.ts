// Drafts an event's notifications and omissions part by part; reads only.
import { setImmediate } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import type { EventContent } from '../domain/event.ts'
import { identityOf, type NewNotification } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { Range } from '../store/events/plans.ts'
import { notificationsMadeSince } from '../store/notifications/insert.ts'
import type { Copy } from '../store/people/copy.ts'
import { sizeOf } from '../wire/data-limits.ts'
import { mebibyte } from '../wire/sizes.ts'
import type { Candidate } from './candidate.ts'
import { compose } from './compose.ts'
import { fanOut, peopleOf } from './fan-out.ts'
import { notChosen, withoutAddress } from './omissions.ts'
import { makeReadPart, type ReadPart } from './part-reads.ts'
import type { PlannedPart } from './planned-part.ts'

/** Recipients in one part: a large event does not block others, and its plan resumes after a crash. */
const partSize = 50
/** A part without messages may be larger, as rendering takes most of the time. */
const messagelessPartSize = 250
/** The most data, in bytes, that the digest parts of one part of a plan may hold: each stores its own copy. */
const maxDigestDataBytes = 2 * mebibyte

interface Extent {
  /** The index of the first recipient to plan. Default: 0. */
  from?: number
  /** How many notifications get a message. Default: all. */
  messagesFor?: number
  /** Default: reads for this event alone. */
  read?: ReadPart
}

/** Yields at least one part: an event without recipients may still have callbacks. */
export async function* draftsOf(
  ctx: Ctx,
  event: StoredEvent,
  content: EventContent,
  { from: first = 0, messagesFor = Number.POSITIVE_INFINITY, read = makeReadPart(ctx) }: Extent = {},
): AsyncGenerator<PlannedPart> {
  const { recipients } = content
  const notifiers = ctx.notifiersFor(event.type)
  const maxPartSize = notifiers.some(({ digest }) => digest)
    ? Math.ceil(maxDigestDataBytes / sizeOf(content.data))
    : Number.POSITIVE_INFINITY
  const seen = new Set<string>()
  const yieldTurn = eventLoopYielder()
  for (let from = first; from === first || from < recipients.length; ) {
    const upTo = from + Math.min(seen.size < messagesFor ? partSize : messagelessPartSize, maxPartSize)
    const range: Range = [from, upTo]
    const { ineligible, copy } = await read({ people: peopleOf(ctx, notifiers, content, range), notifiers })
    const candidates: Candidate[] = []
    for (const candidate of fanOut(ctx, { event, content, ineligible }, range)) {
      candidates.push(candidate)
      await yieldTurn()
    }
    if (first > 0) for (const made of await madeBefore(ctx, event, candidates)) seen.add(identityOf(made))
    const isLast = upTo >= recipients.length
    const omissions = [
      ...(from === 0 ? notChosen(notifiers, content) : []),
      ...withoutAddress(notifiers, event, content, range),
    ]
    const part: PlannedPart = { range, payment: content.payment ?? null, notifications: [], omissions, isLast }
    for (const candidate of candidates) {
      const { notifier, channel, recipientKey } = candidate.planned
      const key = identityOf(candidate.planned)
      if (seen.has(key)) part.omissions.push({ notifier, channel, recipientKey, reason: reason('same_recipient') })
      else part.notifications.push(await draftOf(ctx, candidate, seen.size < messagesFor ? copy : null))
      seen.add(key)
    }
    yield part
    from = upTo
  }
}

/** Those of the candidates that this plan has made already, for an event that names the same recipient twice. */
function madeBefore(ctx: Ctx, event: StoredEvent, candidates: Candidate[]) {
  const planned = candidates.map((candidate) => candidate.planned)
  return notificationsMadeSince(ctx.db, event, planned, event.replayedAt)
}

async function draftOf(ctx: Ctx, { planned, ...rest }: Candidate, copy: Copy | null): Promise<NewNotification> {
  const id = uuidv7({ msecs: ctx.clock.now().getTime() })
  if ((planned.state !== 'pending' && planned.state !== 'scheduled') || planned.digest || !copy)
    return { ...planned, id, message: null }
  // Rendering takes milliseconds, and a part renders many messages: yield between them.
  await setImmediate()
  const message = await compose(ctx, { planned, ...rest }, copy)
  return message
    ? { ...planned, id, message }
    : { ...planned, id, message, state: 'failed', reason: reason('render_failed') }
}
