// Stores one part of an event's plan in one transaction: notifications, messages, jobs and omissions.
import type { Ctx } from '../context.ts'
import { factOf } from '../domain/fact.ts'
import type { NewNotification } from '../domain/notification.ts'
import { duplicates, withoutOmitted } from '../policy/duplicates.ts'
import { type Tx, transaction } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { insertOmissions, notificationsOfFact } from '../store/events/omissions.ts'
import { lockPayment } from '../store/events/payments.ts'
import { advancePlan, endPlan, type PlanEnd } from '../store/events/plans.ts'
import { lockReferences } from '../store/events/superseded.ts'
import { insertTimers } from '../store/events/timers.ts'
import type { Job } from '../store/jobs/queues.ts'
import { jobOf } from '../store/jobs/wake.ts'
import { insertDigestParts, insertMessages, insertNotifications } from '../store/notifications/insert.ts'
import { settlePayment } from './payment.ts'
import type { FollowUps, PlannedPart } from './planned-part.ts'
import { resumeOthers, supersedeOthers, supersedeOwn } from './superseding.ts'

/** How long a planner may take for the next part before it counts as dead. */
const partTimeoutMs = 30_000

interface ToStore {
  event: StoredEvent
  part: PlannedPart
  followUps: FollowUps
  /** The job that plans the next part; null where the caller goes on itself. */
  rest: Job | null
}

/** Answers how many notifications are new; null where another planner has stored this part, or the event has ended. */
export async function storePart(ctx: Ctx, { event, part, followUps, rest }: ToStore): Promise<number | null> {
  const { payment, notifications, omissions, range, isLast } = part
  const now = ctx.clock.now()
  const canBeStopped = followUps.timers.length > 0 || notifications.some((n) => n.stoppedBy)
  return transaction(ctx.db, async (tx) => {
    if (payment) await lockPayment(tx, payment)
    // Before any insert: of two planners, the second waits here and then finds the part stored.
    const dueAt = new Date(now.getTime() + partTimeoutMs)
    if (!(await advancePlan(tx, event.id, { range, isLast, dueAt }))) return null
    const fact = payment ? await settlePayment(tx, event.id, payment) : factOf(event)
    if (canBeStopped || followUps.supersedesOthers || followUps.resumesOthers)
      await lockReferences(tx, event.references)
    const made = await insertNew(ctx, tx, { ...event, fact }, notifications)
    await insertOmissions(tx, event.id, [...omissions, ...made.omissions])
    const waiting = made.notifications.filter(({ state }) => state === 'pending' || state === 'scheduled')
    const newJobs = waiting.map((n) => {
      const at = n.state === 'scheduled' ? n.scheduledFor : null
      return jobOf({ ...n, collects: n.digest !== undefined }, at ?? undefined)
    })
    await ctx.jobs.enqueue(tx, rest && !isLast ? [...newJobs, rest] : newJobs)
    if (isLast) await insertTimers(tx, ctx.jobs, event.id, followUps.timers)
    if (canBeStopped) await supersedeOwn(ctx, tx, event)
    if (isLast) await affectOthers(ctx, tx, event, followUps)
    return made.notifications.length
  })
}

/** Leaves out those that another event of the same fact has made, before or concurrently. */
async function insertNew(ctx: Ctx, tx: Tx, event: StoredEvent & { fact: string }, notifications: NewNotification[]) {
  const others = async (drafts: NewNotification[]) =>
    event.fact === factOf({ id: event.id, fact: null }) || drafts.length === 0
      ? []
      : duplicates(event.fact, drafts, await notificationsOfFact(tx, event.fact, event.id))
  const before = await others(notifications)
  const remaining = withoutOmitted(notifications, before)
  const created = await insertNotifications(tx, event, remaining, ctx.clock.now())
  const fresh = remaining.filter((n) => created.has(n.id))
  await insertMessages(tx, fresh)
  await insertDigestParts(tx, fresh)
  const concurrent = await others(remaining.filter((n) => !created.has(n.id)))
  return { notifications: fresh, omissions: [...before, ...concurrent] }
}

/** Ends an event without notifications. It still supersedes others, or withdraws what did. */
export async function endWithoutNotifications(
  ctx: Ctx,
  event: StoredEvent,
  end: PlanEnd,
  followUps: FollowUps,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    if (!(await endPlan(tx, event.id, end)) || !(followUps.supersedesOthers || followUps.resumesOthers)) return
    await lockReferences(tx, event.references)
    await affectOthers(ctx, tx, event, followUps)
  })
}

async function affectOthers(ctx: Ctx, tx: Tx, event: StoredEvent, followUps: FollowUps): Promise<void> {
  if (followUps.supersedesOthers) await supersedeOthers(ctx, tx, event)
  if (followUps.resumesOthers) await resumeOthers(ctx, tx, event)
}
