// Retention: removes bodies and addresses of ended events and notifications older than RETENTION_DAYS, in small batches.
import type { Ctx } from '../context.ts'
import { forgetter, forgettersOf } from '../privacy/forgetter.ts'
import { inBatches } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import {
  type Aged,
  agedEvents,
  forgetContent,
  forgetReports,
  lockNotificationsOf,
  markForgotten,
} from '../store/notifications/retention.ts'
import {
  forgetInEvents,
  forgetInNotifications,
  forgetInOmissions,
  forgetPayments,
  forgetWhoWasSeen,
} from '../store/people/forget-people.ts'

const dayMs = 86_400_000
const eventBatchSize = 200
/** One large event may have more; then it has a transaction of its own. */
const maxNotifications = 1000
const rowBatchSize = 1000

/**
 * Answers how much was removed. Safe to run in several processes at once. The next run finds what this one leaves because
 * it was interrupted, or because a notification has not ended.
 */
export async function applyRetention(ctx: Ctx): Promise<Record<string, number>> {
  const now = ctx.clock.now()
  const before = new Date(now.getTime() - ctx.schedules.retentionDays * dayMs)
  const all: Forgotten = { events: 0, notifications: 0 }
  let last: Aged | null = null
  await inBatches(eventBatchSize, async (limit) => {
    const aged: Aged[] = await agedEvents(ctx.db, before, last, limit)
    for (const part of partsOf(aged.filter(({ isBusy }) => !isBusy))) {
      const { events, notifications } = await forgetEvents(ctx, part, before, now)
      all.events += events
      all.notifications += notifications
    }
    last = aged.at(-1) ?? last
    return aged.length
  })
  const reports = await inBatches(rowBatchSize, (limit) => forgetReports(ctx.db, before, limit))
  const plainForgetter = forgetter(ctx.pseudonymOf)
  await inBatches(rowBatchSize, (limit) => forgetPayments(ctx.db, before, limit, plainForgetter))
  await inBatches(rowBatchSize, (limit) => forgetWhoWasSeen(ctx.db, before, limit, plainForgetter))
  ctx.log.info({ stage: 'forget', before, ...all, reports }, 'retention applied')
  return { forgottenEvents: all.events, forgottenNotifications: all.notifications, forgottenReceipts: reports }
}

interface Forgotten {
  events: number
  notifications: number
}

/** One transaction, so that no event is removed without its notifications. */
export async function forgetEvents(ctx: Ctx, ids: string[], before: Date, now: Date): Promise<Forgotten> {
  return transaction(ctx.db, async (tx) => {
    await lockNotificationsOf(tx, ids)
    const events = await markForgotten(tx, ids, before, now)
    // Before the bodies are removed: they tell which addresses occur in ids and names.
    const forgetterOf = await forgettersOf(tx, events, ctx.pseudonymOf)
    const notifications = await forgetInNotifications(tx, events, forgetterOf, now)
    await forgetInOmissions(tx, events, forgetterOf)
    await forgetInEvents(tx, events, forgetterOf)
    await forgetContent(tx, events, notifications)
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
