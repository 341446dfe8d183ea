// Finds the notifications of an event that another event of the same fact has already made.
import { isOfOneEvent } from '../domain/fact.ts'
import { identityOf, type NewNotification, type NotificationOfFact, type Omission } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'

/**
 * `existing` are the fact's notifications by other events, those with an address first. A notification without an address
 * counts as made if its channel has any notification of the fact.
 */
export function duplicates(fact: string, notifications: NewNotification[], existing: NotificationOfFact[]): Omission[] {
  if (existing.length === 0) return []
  return notifications.flatMap(({ notifier, channel, recipientKey, to }) => {
    const isCovered = to === null && !isOfOneEvent(fact)
    const same = existing.find(
      (one) => one.notifier === notifier && one.channel === channel && (isCovered || one.recipientKey === recipientKey),
    )
    if (!same) return []
    return [{ notifier, channel, recipientKey, reason: reason('already_notified', { event: same.eventId }) }]
  })
}

/** The notifications without those omitted. */
export function withoutOmitted(notifications: NewNotification[], omissions: Omission[]): NewNotification[] {
  const omitted = new Set(omissions.map(identityOf))
  return notifications.filter((n) => !omitted.has(identityOf(n)))
}
