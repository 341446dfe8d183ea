// The form of a notification in the API and in callbacks, with addresses masked where they must be.
import type { Message } from '../domain/notification.ts'
import { reasonOf, sandboxReason } from '../domain/reason.ts'
import type { NotificationRow } from '../store/notifications/list.ts'
import { addAddresses, isBareNumber, type KnownAddresses } from './known-addresses.ts'
import { maskAddress, maskAll, maskTokens } from './mask.ts'

/** `hiding`: the event's addresses, all of which are masked; null shows everything. */
export function showNotification(n: NotificationRow, hiding: KnownAddresses | null) {
  const shown = {
    id: n.id,
    eventId: n.event_id,
    eventType: n.event_type,
    source: n.source,
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    to: n.to && hiding ? maskAddress(n.to) : n.to,
    recipientId: showId(n.recipient_id, hiding),
    reference: n.reference,
    state: n.state,
    reason: isSent(n) ? n.sandboxed && sandboxReason(n.sandboxed) : reasonOf(n.reason_code, n.reason_text),
    priority: n.priority,
    provider: n.provider,
    providerMessageId: n.provider_message_id,
    scheduledFor: n.scheduled_for?.toISOString() ?? null,
    expiresAt: n.expires_at?.toISOString() ?? null,
    createdAt: n.created_at.toISOString(),
    sentAt: n.sent_at?.toISOString() ?? null,
    deliveredAt: n.delivered_at?.toISOString() ?? null,
    openedAt: n.opened_at?.toISOString() ?? null,
    clickedAt: n.clicked_at?.toISOString() ?? null,
    subject: n.subject,
  }
  if (!hiding) return shown
  const known = addAddresses(hiding, [n.to, n.recipient_id])
  return { ...maskAll(shown, known), reason: maskAll(shown.reason, withReasonOf(n, known)) }
}

function isSent({ state }: NotificationRow): boolean {
  return state === 'sent' || state === 'delivered'
}

/** A suppression's reason is free text and may name another address of the same person. */
export function withReasonOf({ reason_code }: Pick<NotificationRow, 'reason_code'>, known: KnownAddresses) {
  return reason_code === 'suppressed_address' ? { ...known, isGuessed: true } : known
}

/** Masks an id that may be a phone number: some apps use addresses as ids. */
export function showId(recipientId: string | null, hiding: KnownAddresses | null): string | null {
  return recipientId !== null && hiding && isBareNumber(recipientId) ? maskAddress(recipientId) : recipientId
}

/**
 * The content of a notification, for callers who may see addresses. Its unsubscribe links act for the recipient, so their
 * tokens are masked for callers who may not act.
 */
export function showMessage(message: Message, mayAct: boolean) {
  const linked = mayAct ? (text: string) => text : maskTokens
  return {
    subject: message.channel === 'email' ? message.subject : null,
    html: message.channel === 'email' ? linked(message.html) : null,
    text: message.channel === 'callback' ? message.text : linked(message.text),
    ...(message.channel === 'sms' && { encoding: message.encoding, segments: message.segments }),
  }
}
