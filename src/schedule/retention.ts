// Retention: what is older than RETENTION_DAYS and at its end loses its bodies and addresses, a small part at a time. What
// one run leaves, because it was stopped or something was still on its way, the next one finds. run-schedule.ts calls it.
import type { Ctx } from '../context.ts'
import { forgetter, forgettersOf } from '../privacy/forgetter.ts'
import { type Aged, agedEvents, type Forgotten, forgetEvents, forgetReports } from '../store/notifications/retention.ts'
import { forgetPayments, forgetWhoWasSeen } from '../store/people/forget-people.ts'

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
  do {
    const aged: Aged[] = await agedEvents(ctx.db, before, last, eventsAtOnce)
    for (const part of partsOf(aged.filter(({ isBusy }) => !isBusy))) {
      const { events, notifications } = await forgetEvents(ctx.db, part, {
        before,
        now,
        forgettersOf: (db, ids) => forgettersOf(db, ids, ctx.pseudonymOf),
      })
      all.events += events
      all.notifications += notifications
    }
    last = aged.length === eventsAtOnce ? (aged.at(-1) ?? null) : null
  } while (last)
  const reports = await untilNone(() => forgetReports(ctx.db, before, rowsAtOnce))
  const nobody = forgetter(ctx.pseudonymOf)
  await untilNone(() => forgetPayments(ctx.db, before, rowsAtOnce, nobody))
  await untilNone(() => forgetWhoWasSeen(ctx.db, before, rowsAtOnce, nobody))
  ctx.log.info({ stage: 'forget', before, ...all, reports }, 'what is old was removed')
  return { forgottenEvents: all.events, forgottenNotifications: all.notifications, forgottenReceipts: reports }
}

/** Part by part, to the last one. */
async function untilNone(forgetSome: () => Promise<number>): Promise<number> {
  let all = 0
  for (let some = rowsAtOnce; some === rowsAtOnce; all += some) some = await forgetSome()
  return all
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
