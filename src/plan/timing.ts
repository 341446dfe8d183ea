// Decides when a message is sent and when it expires: as the event says, else its notifier, and never in quiet hours.
import type { EventContent } from '../domain/event.ts'
import type { PersonalChannel } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { endOfQuiet } from '../i18n/local-time.ts'
import type { Notifier } from '../notifiers/notifier.ts'

interface Timing {
  state: 'scheduled' | 'pending' | 'expired'
  reason: Reason
  scheduledFor: Date | null
  expiresAt: Date | null
}

interface TimingInput {
  event: StoredEvent
  content: EventContent
  notifier: Notifier
  channel: PersonalChannel
  /** The common data merged with the recipient's own. */
  data(): Record<string, unknown>
  timezone: string
}

export function timingOf({ event, content, notifier, channel, data, timezone }: TimingInput, now: Date): Timing {
  // Counted from now for digests: the one that was due after `receivedAt` may have been sent.
  const planning = { receivedAt: notifier.digest ? now : event.receivedAt, timezone }
  const wantedAt = content.sendAt ?? notifier.when?.(data(), planning)
  const later = wantedAt && wantedAt > now ? wantedAt : null
  const afterQuietHours = endOfQuiet(later ?? now, notifier.quietHours(channel), timezone)
  const sendsAt = afterQuietHours ?? later
  const scheduledFor = sendsAt ?? content.sendAt
  const expiresAt =
    content.expiresAt ??
    notifier.until?.(data(), planning) ??
    after(countedFrom(event, scheduledFor), notifier.expiresInMs)
  const as = (state: Timing['state'], why: Reason): Timing => ({ state, reason: why, scheduledFor, expiresAt })
  if (expiresAt && expiresAt <= (sendsAt ?? now)) return as('expired', reason('expired'))
  if (!sendsAt) return as('pending', reason('due'))
  if (notifier.digest) return as('scheduled', reason('collecting'))
  return as('scheduled', reason(afterQuietHours ? 'quiet_hours' : content.sendAt ? 'send_at' : 'due_later'))
}

/** A notifier's time limit begins when its message is to be sent, and again at a replay. */
function countedFrom(event: StoredEvent, scheduledFor: Date | null): Date {
  const first = scheduledFor ?? event.receivedAt
  return event.replayedAt && event.replayedAt > first ? event.replayedAt : first
}

function after(start: Date, ms: number | null): Date | null {
  return ms === null ? null : new Date(start.getTime() + ms)
}
