// What a notification tells of, by name: of one fact each person is told once a channel, whichever event tells it.
// The names are made here alone, so that two kinds of fact never share one.

/** What one event tells of by itself. */
export function eventFact(eventId: string): string {
  return `event:${eventId}`
}

/** Whether no other event can tell of it. */
export function isOfOneEvent(fact: string): boolean {
  return fact.startsWith(eventFact(''))
}

/** What an event tells of: several may tell of one payment. */
export function factOf({ id, fact }: { id: string; fact: string | null }): string {
  return fact ?? eventFact(id)
}

/** A payment that was received, by one of its own names. */
export function paymentFact(name: string): string {
  return `payment:${name}`
}

/** One try of a payment that failed. */
export function failedPaymentFact(name: string): string {
  return `payment-failed:${name}`
}

/** A refund that has an id of its own. */
export function singleRefundFact(id: string): string {
  return `refund:${id}`
}

/** How the facts of a charge's refunds begin where the source tells sums; the sum follows. */
export function refundSumsFact(charge: string): string {
  return `${singleRefundFact(charge)}:`
}

/** What one person is told at one time, made of many events. */
export function digestFact(digestKey: string): string {
  return `digest:${digestKey}`
}

/** A change of a notification's state, which its app is told of. */
export function statusChangeFact(id: string): string {
  return `status-change:${id}`
}
