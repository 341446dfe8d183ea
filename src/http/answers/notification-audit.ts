// A notification with its attempts, receipts and timeline, as the API shows it.
import type { z } from 'zod'
import type { KnownAddresses } from '../../privacy/known-addresses.ts'
import { maskAll } from '../../privacy/mask.ts'
import { showCause } from '../../show/causes.ts'
import { showNotification, showNotificationTo, withReasonOf } from '../../show/notification.ts'
import type { ReceiptRow } from '../../store/attempts/receipts.ts'
import type { AttemptRow, NotificationAudit } from '../../store/notifications/audit.ts'
import { isoOrNull, type shape } from './shapes.ts'
import { timelineOf } from './timeline.ts'

/** A notification with its attempts, receipts and timeline. */
export function showAudit(
  found: NotificationAudit,
  now: Date,
): Omit<z.input<typeof shape.notificationAudit>, 'message'> {
  return { ...showNotification(found.notification), ...showWork(found, now) }
}

/** As `showAudit`, with the addresses masked. */
export async function maskedAudit(
  found: NotificationAudit,
  hiding: KnownAddresses,
  now: Date,
): Promise<ReturnType<typeof showAudit>> {
  const known = withReasonOf(found.notification, hiding)
  return { ...(await showNotificationTo(found.notification, hiding)), ...(await maskAll(showWork(found, now), known)) }
}

/** What an attempt that has ended is in the timeline: the call and its answer. Only the latest, which is shown, may be open. */
const entriesOfAttempt = 2

function showWork(found: NotificationAudit, now: Date) {
  const { attempts, receipts, entries, counts } = found
  const notShown =
    entriesOfAttempt * (counts.attempts - attempts.length) +
    (counts.receipts - receipts.length) +
    (counts.entries - entries.length)
  const timeline = timelineOf(found, now).map((entry) => ({ ...entry, at: entry.at.toISOString() }))
  return {
    words: found.notification.words,
    addressSuppressed: found.isSuppressed,
    attempts: attempts.map(showAttempt),
    attemptCount: counts.attempts,
    receipts: receipts.map(showReceipt),
    receiptCount: counts.receipts,
    timeline,
    timelineCount: timeline.length + notShown,
  }
}

function showAttempt(a: AttemptRow): z.input<typeof shape.attempt> {
  return {
    number: a.number,
    round: a.round,
    provider: a.provider,
    ...showCause(a.provider, { code: a.cause, params: a.causeParams }),
    outcome: a.outcome,
    blame: a.blame,
    statusCode: a.statusCode,
    errorCode: a.errorCode,
    error: a.outcome === 'accepted' ? null : a.error,
    providerMessageId: a.providerMessageId,
    startedAt: a.startedAt.toISOString(),
    latencyMs: a.endedAt ? a.endedAt.getTime() - a.startedAt.getTime() : null,
  }
}

function showReceipt(r: ReceiptRow): z.input<typeof shape.notificationAudit>['receipts'][number] {
  return {
    provider: r.provider,
    kind: r.kind,
    at: isoOrNull(r.at),
    receivedAt: r.receivedAt.toISOString(),
    providerMessageId: r.providerMessageId,
    code: r.code,
    text: r.text,
  }
}
