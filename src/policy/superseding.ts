// Decides which event supersedes the notifications and timers of another, and what is planned again once an end is withdrawn.
import type { Move } from '../domain/deliverable.ts'
import { paymentFact, subscriptionEndFact, subscriptionResumedFact } from '../domain/fact.ts'
import { reason } from '../domain/reason.ts'
import {
  type PossibleStop,
  type Supersedable,
  type SupersedableEvent,
  type SupersedingEvent,
  subscriptionEnds,
  subscriptionResumed,
} from '../domain/superseding.ts'

const dayMs = 24 * 60 * 60_000

/** The first event that supersedes it; null if none does. The end of a subscription does not count once it was resumed. */
export function supersedingEvent({ event, stops }: Supersedable): SupersedingEvent | null {
  const resumed = stops.filter(({ type }) => type === subscriptionResumed)
  const found = stops
    .filter((stop) => stop.type !== subscriptionResumed && (comesAfter(stop, event) || isAboutTheSame(stop, event)))
    .filter((stop) => !resumed.some((again) => withdraws(again, stop)))
    .toSorted((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1))
  const [first] = found
  return first ? { id: first.id, type: first.type } : null
}

/**
 * An event counts as occurring no later than it was received, in case its sender's clock is ahead. One received later also
 * comes after if it occurred in the same second, because vendors report whole seconds, or, if the other event gave no time,
 * within the day before (clocks can be hours off).
 */
function comesAfter(stop: PossibleStop, event: SupersedableEvent): boolean {
  const [stopAt, receivedAt] = [stop.occurredAt.getTime(), event.receivedAt.getTime()]
  const eventAt = Math.min(event.occurredAt.getTime(), receivedAt)
  if (stopAt >= eventAt) return true
  if (stop.receivedAt.getTime() <= receivedAt) return false
  const hasOwnTime = event.occurredAt.getTime() !== receivedAt
  return stopAt === Math.floor(eventAt / 1000) * 1000 || (!hasOwnTime && stopAt > receivedAt - dayMs)
}

/** The same payment, or the end of the same subscription: then the times do not matter. */
function isAboutTheSame({ fact, isOfSamePayment }: PossibleStop, { references }: SupersedableEvent): boolean {
  if (isOfSamePayment) return true
  return fact !== null && references.some((name) => fact === paymentFact(name) || fact === subscriptionEndFact(name))
}

/** By the subscription that both name, or else, for events of apps, by a common reference. */
function withdraws(again: PossibleStop, end: PossibleStop): boolean {
  if (!isEnd(end) || !isLater(again, end)) return false
  if (again.fact === null || end.fact === null) return again.references.some((name) => end.references.includes(name))
  return again.fact === subscriptionResumedFact(end.fact.slice(subscriptionEndFact('').length))
}

function isEnd({ type, fact }: PossibleStop): boolean {
  return subscriptionEnds.includes(type) || fact?.startsWith(subscriptionEndFact('')) === true
}

function isLater(one: PossibleStop, other: PossibleStop): boolean {
  const apart = one.occurredAt.getTime() - other.occurredAt.getTime()
  return apart > 0 || (apart === 0 && one.receivedAt > other.receivedAt)
}

/** What was cancelled and is no longer superseded waits for its time again, or is due; null if it would come too late. */
export function afterWithdrawal(
  { scheduledFor, expiresAt }: { scheduledFor: Date | null; expiresAt: Date | null },
  now: Date,
): Move | null {
  if (expiresAt && expiresAt <= now) return null
  return scheduledFor && scheduledFor > now
    ? { state: 'scheduled', reason: reason('due_later'), dueAt: scheduledFor }
    : { state: 'pending', reason: reason('due'), dueAt: now }
}
