// Lists the channels on which an event notifies nobody, or not this recipient, with the reasons.
import type { EventContent } from '../domain/event.ts'
import { isPersonal, type Omission } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { wholeEventKey } from '../domain/recipient-key.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { Range } from '../store/events/plans.ts'
import { addressOn, chosenChannels, noAddress } from './channels.ts'
import { hashOfOwn, recipientKey } from './recipient-key.ts'

/** One for each channel of the notifiers that the event does not choose, whoever its recipients are. */
export function notChosen(notifiers: Notifier[], content: EventContent): Omission[] {
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

/** Yields, for each recipient in the range, the channels for which they have no address while another one reaches them. */
export function* withoutAddress(
  notifiers: Notifier[],
  event: StoredEvent,
  content: EventContent,
  [from, upTo]: Range,
): Generator<Omission> {
  for (const notifier of notifiers) {
    if (notifier.audience === 'operator') continue
    const channels = chosenChannels(notifier, content).filter(isPersonal)
    for (const [i, recipient] of content.recipients.slice(from, upTo).entries()) {
      const lacking = channels.filter((channel) => addressOn(channel, recipient) === null)
      if (lacking.length === channels.length) continue
      const ownData = hashOfOwn(recipient)
      for (const channel of lacking)
        yield {
          notifier: notifier.name,
          channel,
          recipientKey: recipientKey({ event, recipient, at: from + i, ownData }, null),
          reason: noAddress(recipient, channel),
        }
    }
  }
}
