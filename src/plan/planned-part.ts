// The planned result for a range of an event's recipients, before it is stored.
import type { NewNotification, Omission } from '../domain/notification.ts'
import type { ReportedPayment } from '../domain/payment.ts'
import type { Range } from '../store/events/plans.ts'
import type { NewTimer } from '../store/events/timers.ts'

export interface PlannedPart {
  range: Range
  /** The payment that the event reports, where other events may report it under other ids. */
  payment: ReportedPayment | null
  notifications: NewNotification[]
  omissions: Omission[]
  /** Whether this part completes the plan. */
  isLast: boolean
}

/** What an event causes besides its notifications. */
export interface FollowUps {
  /** Stored with the last part. */
  timers: NewTimer[]
  /** Whether events of this type supersede others. */
  supersedesOthers: boolean
  /** Whether events of this type withdraw what superseded others. */
  resumesOthers: boolean
}
