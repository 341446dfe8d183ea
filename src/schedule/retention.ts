// Retention: what is older than RETENTION_DAYS and at its end loses its bodies and addresses, a small part at a time. What
// one run leaves, because it was stopped or something was still on its way, the next one finds.
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
const eventsAtOnce = 200
/** One event for many may have more; then it goes alone. */
const notificationsAtOnce = 1000
const rowsAtOnce = 1000

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
  const reports = await inBatches(rowsAtOnce, (limit) => forgetReports(ctx.db, before, limit))
  const nobody = forgetter(ctx.pseudonymOf)
  await inBatches(rowsAtOnce, (limit) => forgetPayments(ctx.db, before, limit, nobody))
  await inBatches(rowsAtOnce, (limit) => forgetWhoWasSeen(ctx.db, before, limit, nobody))
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
    // While their bodies still say whose addresses stand in ids and names.
    const forgetterOf = await forgettersOf(tx, events, ctx.pseudonymOf)
    const notifications = await forgetInNotifications(tx, events, forgetterOf, now)
    await forgetInOmissions(tx, events, forgetterOf)
    await forgetInEvents(tx, events, forgetterOf)
    await forgetContent(tx, events, notifications)
    return { events: events.length, notifications: notifications.length }
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
