// Names of facts: of one fact each person gets one notification a channel, whichever event reports it. All are made here,
// so that two kinds of fact never share a name.

/** The fact of an event that shares it with no other. */
export function eventFact(eventId: string): string {
  return `event:${eventId}`
}

/** Whether no other event can report this fact. */
export function isOfOneEvent(fact: string): boolean {
  return fact.startsWith(eventFact(''))
}

/** The fact that an event reports; several events may report one payment. */
export function factOf({ id, fact }: { id: string; fact: string | null }): string {
  return fact ?? eventFact(id)
}

/** A payment that was received, by one of its own names. */
export function paymentFact(name: string): string {
  return `payment:${name}`
}

/** One failed payment, by one of its own names. */
export function failedPaymentFact(name: string): string {
  return `payment-failed:${name}`
}

/** A refund that has an id of its own. */
export function singleRefundFact(id: string): string {
  return `refund:${id}`
}

/** A refund that failed. */
export function failedRefundFact(id: string): string {
  return `refund-failed:${id}`
}

/** A dispute that was opened, or a further step of it, such as its end. */
export function disputeFact(id: string, step?: string): string {
  return `dispute:${id}${step ? `:${step}` : ''}`
}

/** The prefix of a charge's refund facts if the source reports running totals; the total follows. */
export function refundSumsFact(charge: string): string {
  return `${singleRefundFact(charge)}:`
}

/** A subscription that ends: it has been cancelled, or will not renew. */
export function subscriptionEndFact(id: string): string {
  return `subscription-cancelled:${id}`
}

/** A subscription whose cancellation was withdrawn. */
export function subscriptionResumedFact(id: string): string {
  return `subscription-resumed:${id}`
}

/** A digest: what many events report to one person at one time. */
export function digestFact(digestKey: string): string {
  return `digest:${digestKey}`
}

/** A change of a notification's state, reported to its app. */
export function statusChangeFact(id: string): string {
  return `status-change:${id}`
}
