// What planning comes to for some of an event's recipients, before it is rows.
import type { NewNotification, Omission } from '../domain/notification.ts'
import type { PaymentTold } from '../domain/payment.ts'
import type { Range } from '../store/events/plans.ts'
import type { NewTimer } from '../store/events/timers.ts'

export interface PlannedPart {
  range: Range
  /** The payment that the event tells of, where others may tell of it by other names. */
  payment: PaymentTold | null
  notifications: NewNotification[]
  omissions: Omission[]
  /** With it the event's plan ends. */
  isLast: boolean
}

/** What comes of a plan besides its notifications. */
export interface FollowUps {
  /** Made with the last part. */
  timers: NewTimer[]
  /** Whether events of its type stop what others have made. */
  stopsOthers: boolean
}
