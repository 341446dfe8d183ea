// The nouns of what comes in: an event is a verified fact, stored once and never changed.
import type { PaymentTold } from './payment.ts'
import type { RefundTold } from './refund.ts'

export type EventStatus = 'accepted' | 'planned' | 'ignored' | 'failed'

export const priorities = ['high', 'normal', 'bulk'] as const
export type Priority = (typeof priorities)[number]

/** What this program itself has to say is stored under this source. */
export const ownSource = 'posthorn'
/** Sources that nobody calls us as. */
export const ownSources: readonly string[] = ['schedule', ownSource]

/** A person to tell. `email` and `phone` (E.164) are well-formed where present. */
export interface Recipient {
  id?: string
  email?: string
  phone?: string
  name?: string
  locale?: string
  timezone?: string
  /** Merged over the event's common data for this recipient alone. */
  data?: Record<string, unknown>
}

/** What a source's words come to in ours. Made anew from the raw body whenever it is needed. */
export interface EventContent {
  /** Our event type where we have one, else the vendor's with its source before it. */
  type: string
  /** The vendor's own name for it. */
  sourceType: string
  /** What support staff search for; `references` holds every name it can be found by, this one first. */
  reference: string | null
  references: string[]
  /** Further names that it can be found by; by `references` alone it stops others, and is stopped. */
  mentions?: string[]
  livemode: boolean | null
  occurredAt: Date | null
  recipients: Recipient[]
  data: Record<string, unknown>
  sendAt: Date | null
  expiresAt: Date | null
  priority: Priority | null
  /**
   * Names the fact where several events can tell of one (a payment: `payment:pi_…`).
   * Then one notification a channel is made for the fact. Null: the event is its own fact.
   */
  fact: string | null
  /** What it says of a payment that other events may tell of by other names; planning finds the fact by it. */
  payment?: PaymentTold | null
  /** What it says of a charge's refunds; planning settles which of them it tells, and so its fact and `data.amount`. */
  refund?: RefundTold | null
}

/** One fault in data that a sender gave us: `data.items.0.name`, and what would be right. */
export interface DataFault {
  path: string
  message: string
}
