// The events that may make notifications and timers of another event needless, as they are read for the decision.

/** An event that makes notifications or timers of other events needless. */
export interface SupersedingEvent {
  id: string
  type: string
}

/** What the decision needs to know of the event whose notifications may be needless. */
export interface SupersedableEvent {
  id: string
  references: string[]
  occurredAt: Date
  receivedAt: Date
}

/** Another event, of a type that supersedes, with a common reference. */
export interface PossibleStop extends SupersedingEvent, SupersedableEvent {
  fact: string | null
  /** Whether it reports a payment that has a common name with the other event. */
  isOfSamePayment: boolean
}

/** All that decides whether another event has superseded it. */
export interface Supersedable {
  event: SupersedableEvent
  stops: PossibleStop[]
}

/** Event types that end a subscription, so that nothing more is said of its renewal. */
export const subscriptionEnds: readonly string[] = ['subscription.cancelled', 'subscription.ending']

/** The event type that withdraws such an end. */
export const subscriptionResumed = 'subscription.resumed'
