// A notification as it is shown: by the API, and to the app whose event it was, in callbacks.

import type { Message } from '../domain/notification.ts'
import { reasonOf } from '../domain/reason.ts'
import type { NotificationRow } from '../store/notifications/list.ts'
import { maskAddress, maskText, maskTokens } from './mask.ts'

/** Its addresses masked unless they are to be revealed. */
export function showNotification(n: NotificationRow, reveal: boolean) {
  return {
    id: n.id,
    eventId: n.event_id,
    eventType: n.event_type,
    source: n.source,
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    to: n.to && !reveal ? maskAddress(n.to) : n.to,
    recipientId: showId(n.recipient_id, reveal),
    reference: n.reference,
    state: n.state,
    reason: n.state === 'sent' || n.state === 'delivered' ? null : reasonOf(n.reason_code, n.reason_text),
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
}

/** Some apps know people by their addresses. */
export function showId(recipientId: string | null, reveal: boolean): string | null {
  return recipientId === null || reveal ? recipientId : maskText(recipientId)
}

/**
 * The content of a notification. Of an app's own body, what looks like an address is masked. Its links act for the
 * person, so they work for those alone who may act: to be shown addresses is not enough.
 */
export function showMessage(message: Message, { reveal, mayAct }: { reveal: boolean; mayAct: boolean }) {
  const linked = mayAct ? (text: string) => text : maskTokens
  return {
    subject: message.channel === 'email' ? message.subject : null,
    html: message.channel === 'email' ? linked(message.html) : null,
    text: message.channel === 'callback' ? (reveal ? message.text : maskText(message.text)) : linked(message.text),
    ...(message.channel === 'sms' && { encoding: message.encoding, segments: message.segments }),
  }
}
