// Decides when a message is sent and when it expires: as the event says, else its notifier, and never in quiet hours.
import type { EventContent } from '../domain/event.ts'
import type { PersonalChannel, Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { endOfQuiet } from '../i18n/local-time.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { StoredEvent } from '../store/events/insert.ts'

interface Timing {
  state: 'scheduled' | 'pending' | 'expired'
  reason: Reason
  scheduledFor: Date | null
  expiresAt: Date | null
}

interface Asked {
  event: StoredEvent
  content: EventContent
  notifier: Notifier
  channel: PersonalChannel
  /** The common data merged with the recipient's own. */
  data(): Record<string, unknown>
  timezone: string
}

export function timingOf({ event, content, notifier, channel, data, timezone }: Asked, now: Date): Timing {
  // Counted from now for digests: the one that was due after `receivedAt` may have been sent.
  const planning = { receivedAt: notifier.digest ? now : event.receivedAt, timezone }
  const wanted = content.sendAt ?? notifier.when?.(data(), planning)
  const later = wanted && wanted > now ? wanted : null
  const morning = endOfQuiet(later ?? now, notifier.quietHours(channel), timezone)
  const goesOut = morning ?? later
  const scheduledFor = goesOut ?? content.sendAt
  const expiresAt =
    content.expiresAt ??
    notifier.until?.(data(), planning) ??
    after(countedFrom(event, scheduledFor), notifier.expiresInMs)
  const as = (state: Timing['state'], why: Reason): Timing => ({ state, reason: why, scheduledFor, expiresAt })
  if (expiresAt && expiresAt <= (goesOut ?? now)) return as('expired', reason('expired'))
  if (!goesOut) return as('pending', reason('due'))
  if (notifier.digest) return as('scheduled', reason('collecting'))
  return as('scheduled', reason(morning ? 'quiet_hours' : content.sendAt ? 'send_at' : 'due_later'))
}

/** A notifier's time limit begins when its message is to be sent, and again at a replay. */
function countedFrom(event: StoredEvent, scheduledFor: Date | null): Date {
  const first = scheduledFor ?? event.receivedAt
  return event.replayedAt && event.replayedAt > first ? event.replayedAt : first
}

function after(start: Date, ms: number | null): Date | null {
  return ms === null ? null : new Date(start.getTime() + ms)
}
