// Which channels reach a recipient, and who the recipient of a notification is within its fact.
import { createHash } from 'node:crypto'
import type { EventContent, Recipient } from '../domain/event.ts'
import { type Channel, isPersonal, type Omission, type PersonalChannel } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { customerKey, personKey, strangerKey, unknownCustomerKey } from '../domain/recipient-key.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import type { Range } from '../store/events/plans.ts'
import { chosenChannels } from './channels.ts'

/**
 * Yields, for the recipients in the range, each channel of a notifier for which they have no address while another one
 * reaches them.
 */
export function* withoutAddress(notifiers: Notifier[], event: StoredEvent, content: EventContent, [from, upTo]: Range) {
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
        } satisfies Omission
    }
  }
}

/** The channels for which the recipient has an address. Who has none gets one notification, which says so. */
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

interface InEvent {
  event: StoredEvent
  recipient: Recipient
  /** The recipient's index in the event. */
  at: number
  ownData: string | null
}

/**
 * A fact that several events report (a payment) has one recipient, whatever address each event knows; where this event
 * knows none, another event may still notify them.
 */
export function recipientKey({ event, recipient, at, ownData }: InEvent, to: string | null): string {
  if (event.fact) return to ? customerKey : unknownCustomerKey
  return to || recipient.id ? personKey({ id: recipient.id ?? null, address: to, ownData }) : strangerKey(at)
}

/** Tells recipients with one address and different data apart; null for one without own data. */
export function hashOfOwn({ data }: Recipient): string | null {
  return data ? hashOf(data).slice(0, 16) : null
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}
