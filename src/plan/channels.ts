// Chooses the channels of a notifier for a recipient: those that the event chooses and the recipient has an address for.
import type { EventContent, Recipient } from '../domain/event.ts'
import { type Channel, isPersonal, type PersonalChannel } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import type { Notifier } from '../notifiers/notifier.ts'

export function chosenChannels(
  { channels }: Pick<Notifier, 'channels'>,
  { channels: chosen }: EventContent,
): Channel[] {
  return chosen ? channels.filter((channel) => chosen.includes(channel)) : channels
}

/** A recipient without any address keeps one channel, for a notification that says so. */
export function channelsTo(chosen: readonly Channel[], recipient: Recipient): PersonalChannel[] {
  const channels = chosen.filter(isPersonal)
  const reached = channels.filter((channel) => addressOn(channel, recipient) !== null)
  return reached.length > 0 ? reached : channels.slice(0, 1)
}

export function addressOn(channel: PersonalChannel, { email, phone }: Recipient): string | null {
  return (channel === 'email' ? email : phone) ?? null
}

export function noAddress({ unusable }: Recipient, channel: Channel): Reason {
  const detail = channel === 'email' ? unusable?.email : unusable?.phone
  return reason('no_address', detail ? { detail } : {})
}
