// Retention: removes bodies and addresses of ended events and notifications older than RETENTION_DAYS, in small batches, and
// drops the tables of the days whose content is gone.
import type { Ctx } from '../context.ts'
import { anonymizer, anonymizersOf } from '../privacy/anonymizer.ts'
import { inBatches } from '../store/batch.ts'
import { contentDaysBefore } from '../store/content-days.ts'
import { transaction } from '../store/db.ts'
import {
  type Aged,
  agedEvents,
  type DroppedUpTo,
  lockNotificationsOf,
  markForgotten,
  removeContent,
  removeReports,
} from '../store/notifications/retention.ts'
import { anonymizeAccessLog } from '../store/people/access-log.ts'
import {
  anonymizeEvents,
  anonymizeNotifications,
  anonymizeOmissions,
  anonymizePayments,
} from '../store/people/anonymize.ts'
import { dropContentDays } from './content-days.ts'

const dayMs = 86_400_000
const eventBatchSize = 200
/** One large event may have more; then it has a transaction of its own. */
const maxNotifications = 1000
const rowBatchSize = 1000

/** What is older than this is removed. */
function retentionStart({ clock, schedules }: Ctx): Date {
  return new Date(clock.now().getTime() - schedules.retentionDays * dayMs)
}

/** The start of that day in UTC. Retention up to it drops whole days of content, and removes next to nothing row by row. */
export function retentionDayStart(ctx: Ctx): Date {
  const at = retentionStart(ctx).getTime()
  return new Date(at - (at % dayMs))
}

/**
 * Answers how much was removed. Safe to run in several processes at once. The next run finds what this one leaves because
 * it was interrupted, or because a notification has not ended.
 */
export async function applyRetention(ctx: Ctx, before = retentionStart(ctx)): Promise<Record<string, number>> {
  const now = ctx.clock.now()
  const days = await contentDaysBefore(ctx.db, before)
  const upTo: DroppedUpTo = Object.fromEntries(days.map(({ parent, toId }) => [parent, toId]))
  const all: Forgotten = { events: 0, notifications: 0 }
  let last: Aged | null = null
  await inBatches(eventBatchSize, async (limit) => {
    const aged: Aged[] = await agedEvents(ctx.db, before, last, limit)
    for (const part of partsOf(aged.filter(({ isBusy }) => !isBusy))) {
      const { events, notifications } = await forgetEvents(ctx, part, { before, now, upTo })
      all.events += events
      all.notifications += notifications
    }
    last = aged.at(-1) ?? last
    return aged.length
  })
  const single = await inBatches(rowBatchSize, (limit) => removeReports(ctx.db, before, upTo, limit))
  const reports = single + (await dropContentDays(ctx, days, before))
  const plainAnonymizer = anonymizer(ctx.pseudonymOf)
  await inBatches(rowBatchSize, (limit) => anonymizePayments(ctx.db, before, limit, plainAnonymizer))
  await inBatches(rowBatchSize, (limit) => anonymizeAccessLog(ctx.db, before, limit, plainAnonymizer))
  ctx.log.info({ stage: 'retention', before, ...all, reports }, 'retention applied')
  return { forgottenEvents: all.events, forgottenNotifications: all.notifications, forgottenReceipts: reports }
}

interface Forgotten {
  events: number
  notifications: number
}

interface Forgetting {
  before: Date
  now: Date
  upTo: DroppedUpTo
}

/** One transaction, so that no event is removed without its notifications. */
export async function forgetEvents(ctx: Ctx, ids: string[], { before, now, upTo }: Forgetting): Promise<Forgotten> {
  return transaction(ctx.db, async (tx) => {
    await lockNotificationsOf(tx, ids)
    const events = await markForgotten(tx, ids, before, now)
    // Before the bodies are removed: they tell which addresses occur in ids and names.
    const anonymizerOf = await anonymizersOf(tx, events, ctx.pseudonymOf)
    const notifications = await anonymizeNotifications(tx, { eventIds: events }, anonymizerOf, now)
    await anonymizeOmissions(tx, events, anonymizerOf)
    await anonymizeEvents(tx, events, anonymizerOf)
    await removeContent(tx, { eventIds: events, notificationIds: notifications }, upTo)
    return { events: events.length, notifications: notifications.length }
  })
}

/** Groups events so that each group has at most `maxNotifications` notifications, or one event. */
function partsOf(aged: Aged[]): string[][] {
  const parts: string[][] = []
  let room = 0
  for (const { id, notifications } of aged) {
    if (notifications + 1 > room || parts.length === 0) {
      parts.push([])
      room = maxNotifications
    }
    parts.at(-1)?.push(id)
    room -= notifications + 1
  }
  return parts
}
