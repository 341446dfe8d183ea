// Chooses among a notifier's channels as the event says, and tells which are left out.
import type { EventContent } from '../domain/event.ts'
import type { Channel, Omission } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { wholeEventKey } from '../domain/recipient-key.ts'
import type { Notifier } from '../notifiers/notifier.ts'

export function chosenChannels(
  { channels }: Pick<Notifier, 'channels'>,
  { channels: chosen }: EventContent,
): Channel[] {
  return chosen ? channels.filter((channel) => chosen.includes(channel)) : channels
}

/** One for each channel of the notifiers that the event does not choose, whomever it names. */
export function omittedChannels(notifiers: Notifier[], content: EventContent): Omission[] {
  const chosen = content.channels?.join(', ')
  if (chosen === undefined) return []
  return notifiers.flatMap((notifier) =>
    notifier.channels
      .filter((channel) => !chosenChannels(notifier, content).includes(channel))
      .map((channel) => ({
        notifier: notifier.name,
        channel,
        recipientKey: wholeEventKey,
        reason: reason('not_chosen', { chosen }),
      })),
  )
}
