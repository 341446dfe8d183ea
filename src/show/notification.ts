// The form of a notification in the API and in callbacks, with addresses masked where they must be.
import { eventLoopYielder, type YieldTurn } from '../clock.ts'
import { storedAs } from '../domain/coded.ts'
import type { Message } from '../domain/notification.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { addAddresses, isBareNumber, type KnownAddresses } from '../privacy/known-addresses.ts'
import { maskAddress, maskAll, maskTokens } from '../privacy/mask.ts'
import type { NotificationRow } from '../store/notifications/audit.ts'
import { showReason } from './reason.ts'

export function showNotification(n: NotificationRow) {
  return {
    id: n.id,
    eventId: n.eventId,
    eventType: n.eventType,
    source: n.source,
    notifier: n.notifier,
    category: n.category,
    channel: n.channel,
    to: n.to,
    recipientId: n.recipientId,
    reference: n.reference,
    state: n.state,
    reason: showReason(isSent(n) ? ofSandbox(n) : storedAs(n.reasonCode, n.reasonParams)),
    priority: n.priority,
    provider: n.provider,
    providerMessageId: n.providerMessageId,
    scheduledFor: n.scheduledFor?.toISOString() ?? null,
    expiresAt: n.expiresAt?.toISOString() ?? null,
    createdAt: n.createdAt.toISOString(),
    sentAt: n.sentAt?.toISOString() ?? null,
    deliveredAt: n.deliveredAt?.toISOString() ?? null,
    openedAt: n.openedAt?.toISOString() ?? null,
    clickedAt: n.clickedAt?.toISOString() ?? null,
    subject: n.subject,
  }
}

/** `hiding`: the event's addresses, all of which are masked; null shows everything. */
export async function showNotificationTo(
  n: NotificationRow,
  hiding: KnownAddresses | null,
  yieldTurn: YieldTurn = eventLoopYielder(),
): Promise<ReturnType<typeof showNotification>> {
  const { reason, ...shown } = showNotification(n)
  if (!hiding) return { ...shown, reason }
  const known = addAddresses(hiding, [n.to, n.recipientId])
  const ownMasked = { ...shown, to: n.to && maskAddress(n.to), recipientId: showId(n.recipientId, hiding) }
  return {
    ...(await maskAll(ownMasked, known, yieldTurn)),
    reason: await maskAll(reason, withReasonOf(n, known), yieldTurn),
  }
}

function ofSandbox({ sandboxed: cause }: NotificationRow): Reason | null {
  return cause && reason('sandbox', { cause })
}

function isSent({ state }: NotificationRow): boolean {
  return state === 'sent' || state === 'delivered'
}

/** A suppression's reason is free text and may name another address of the same person. */
export function withReasonOf({ reasonCode }: Pick<NotificationRow, 'reasonCode'>, known: KnownAddresses) {
  return reasonCode === 'suppressed_address' ? { ...known, isGuessed: true } : known
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
