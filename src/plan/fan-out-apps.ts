// Fans an event out to apps, one callback an app however many recipients it has, for notifiers with `callback: true`.
import type { Ctx } from '../context.ts'
import type { EventContent } from '../domain/event.ts'
import { reason } from '../domain/reason.ts'
import { appKey } from '../domain/recipient-key.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { withVendorTypes } from '../sources/index.ts'
import type { Candidate } from './candidate.ts'
import { chosenChannels } from './channels.ts'

/** Apps without a callback URL get no candidate. */
export function fanOutToApps(ctx: Ctx, event: StoredEvent, content: EventContent): Candidate[] {
  const notifiers = ctx
    .notifiersFor(event.type)
    .filter((notifier) => chosenChannels(notifier, content).includes('callback'))
  return notifiers.flatMap((notifier) =>
    appsToNotify(ctx, event).map((app): Candidate => {
      const { sendAt } = content
      const waits = sendAt !== null && sendAt > ctx.clock.now()
      return {
        source: event.source,
        notifier,
        recipient: { id: app },
        data: () => envelope(event, content),
        happenedAt: content.occurredAt,
        planned: {
          notifier: notifier.name,
          category: notifier.category,
          channel: 'callback',
          recipientId: app,
          recipientKey: appKey(app),
          to: ctx.callbackUrls[app] ?? null,
          locale: ctx.defaults.locale,
          timezone: ctx.defaults.timezone,
          reference: event.reference,
          state: waits ? 'scheduled' : 'pending',
          reason: reason(waits ? 'send_at' : 'due'),
          priority: 'normal',
          whenUnsure: notifier.whenUnsure('callback'),
          sandboxed: null,
          stoppedBy: notifier.stoppedBy && withVendorTypes(notifier.stoppedBy),
          quietHours: null,
          scheduledFor: sendAt,
          expiresAt: null,
        },
      }
    }),
  )
}

/** The app that sent the event; for a built-in schedule's event, which belongs to no app, all apps. */
function appsToNotify(ctx: Ctx, { source, type }: StoredEvent): string[] {
  const apps = Object.keys(ctx.callbackUrls)
  const isScheduleEvent = source === 'schedule' && type.startsWith('schedule.')
  return isScheduleEvent ? apps : apps.filter((app) => app === source)
}

/** The event as an app would have posted it, with only the id of the recipient: the app knows the rest. */
function envelope(event: StoredEvent, { occurredAt, data, recipients }: EventContent): Record<string, unknown> {
  const [recipient, ...others] = recipients
  return {
    type: event.type,
    timestamp: (occurredAt ?? event.receivedAt).toISOString(),
    data,
    ...(event.reference && { reference: event.reference }),
    ...(recipient?.id && others.length === 0 && { recipient: { id: recipient.id } }),
  }
}
