// An event: a verified fact from a source, stored once and never changed.
import type { Channel } from './channel.ts'
import type { ReportedPayment } from './payment.ts'
import type { ReportedRefund } from './refund.ts'

export type EventStatus = 'accepted' | 'planned' | 'ignored' | 'failed'

export const priorities = ['high', 'normal', 'bulk'] as const
export type Priority = (typeof priorities)[number]

/** The source of events that this service raises itself. */
export const ownSource = 'posthorn'
/** Sources that exist only inside the service: no request can use their names. */
export const ownSources: readonly string[] = ['schedule', ownSource]

/** A person to notify. `email` and `phone` are in the form in which they are sent to (E.164), if present. */
export interface Recipient {
  id?: string
  email?: string
  phone?: string
  name?: string
  locale?: string
  timezone?: string
  /** Why an address that the source gave is left out. */
  unusable?: { email?: string; phone?: string }
  /** Merged over the event's common data for this recipient alone. */
  data?: Record<string, unknown>
}

/** An event translated from its source's format. Derived from the raw body whenever it is needed. */
export interface EventContent {
  /** Our event type if there is one, else the vendor's prefixed with its source. */
  type: string
  /** The vendor's own event type. */
  sourceType: string
  /** What support staff search by; `references` holds every name that finds the event, this one first. */
  reference: string | null
  references: string[]
  /** Further names that find it; only `references` relate it to events that supersede each other. */
  mentions?: string[]
  livemode: boolean | null
  occurredAt: Date | null
  recipients: Recipient[]
  data: Record<string, unknown>
  sendAt: Date | null
  expiresAt: Date | null
  priority: Priority | null
  /** Those of its notifiers' channels that it chooses; absent for all. */
  channels?: readonly Channel[]
  /**
   * Names the fact if several events can report it (a payment: `payment:pi_…`); then each channel gets one
   * notification of the fact. Null: the event is its own fact.
   */
  fact: string | null
  /** The payment it reports, which other events may report by other names; planning finds the fact by it. */
  payment?: ReportedPayment | null
  /** The charge's refunds it reports; planning decides which part is new, and so the fact and `data.amount`. */
  refund?: ReportedRefund | null
}

/** One fault in a sender's data: its path (`data.items.0.name`) and what is expected there. */
export interface DataFault {
  path: string
  message: string
}
