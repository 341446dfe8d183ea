// Retention: what is older than RETENTION_DAYS and at its end loses its bodies and addresses, a small part at a time. What
// one run leaves, because it was stopped or something was still on its way, the next one finds.
import type { Ctx } from '../context.ts'
import { inBatches } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import {
  type Aged,
  agedEvents,
  forgetContent,
  forgetNotifications,
  forgetReports,
  lockNotificationsOf,
  markForgotten,
} from '../store/notifications/retention.ts'

const dayMs = 86_400_000
const eventsAtOnce = 200
/** One event for many may have more; then it goes alone. */
const notificationsAtOnce = 1000
const reportsAtOnce = 1000

/** Answers how much was removed. Safe to run in many processes at once. */
export async function forget(ctx: Ctx): Promise<Record<string, number>> {
  const now = ctx.clock.now()
  const before = new Date(now.getTime() - ctx.schedules.retentionDays * dayMs)
  const all: Forgotten = { events: 0, notifications: 0 }
  let last: Aged | null = null
  await inBatches(eventsAtOnce, async (limit) => {
    const aged: Aged[] = await agedEvents(ctx.db, before, last, limit)
    for (const part of partsOf(aged.filter(({ isBusy }) => !isBusy))) {
      const { events, notifications } = await forgetEvents(ctx, part, before, now)
      all.events += events
      all.notifications += notifications
    }
    last = aged.at(-1) ?? last
    return aged.length
  })
  const reports = await inBatches(reportsAtOnce, (limit) => forgetReports(ctx.db, before, limit))
  ctx.log.info({ stage: 'forget', before, ...all, reports }, 'what is old was removed')
  return { forgottenEvents: all.events, forgottenNotifications: all.notifications, forgottenReceipts: reports }
}

interface Forgotten {
  events: number
  notifications: number
}

/** An event goes with all of its notifications, in one transaction, so that nothing is ever half there. */
export async function forgetEvents(ctx: Ctx, ids: string[], before: Date, now: Date): Promise<Forgotten> {
  return transaction(ctx.db, async (tx) => {
    await lockNotificationsOf(tx, ids)
    const events = await markForgotten(tx, ids, before, now)
    const notifications = await forgetNotifications(tx, events, now)
    await forgetContent(tx, events)
    return { events: events.length, notifications }
  })
}

/** Ids of events that together have no more notifications than that, or of one. */
function partsOf(aged: Aged[]): string[][] {
  const parts: string[][] = []
  let room = 0
  for (const { id, notifications } of aged) {
    if (notifications + 1 > room || parts.length === 0) {
      parts.push([])
      room = notificationsAtOnce
    }
    parts.at(-1)?.push(id)
    room -= notifications + 1
  }
  return parts
}
