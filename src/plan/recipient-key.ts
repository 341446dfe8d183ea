// Says who the recipient of a notification is within its fact.
import { createHash } from 'node:crypto'
import type { Recipient } from '../domain/event.ts'
import { customerKey, personKey, strangerKey, unknownCustomerKey } from '../domain/recipient-key.ts'
import type { StoredEvent } from '../domain/stored-event.ts'

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

/** Distinguishes recipients with one address and different data; null for one without own data. */
export function hashOfOwn({ data }: Recipient): string | null {
  return data ? hashOf(data).slice(0, 16) : null
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}
