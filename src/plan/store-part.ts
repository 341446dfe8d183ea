// Stores parts of events' plans: notifications, messages, jobs and omissions, in one transaction.
import type { Ctx } from '../context.ts'
import { factOf, isOfOneEvent } from '../domain/fact.ts'
import type { NewNotification, Omission } from '../domain/notification.ts'
import type { StoredEvent } from '../domain/stored-event.ts'
import { duplicates, withoutOmitted } from '../policy/duplicates.ts'
import { mayBeJoined } from '../policy/payment-parts.ts'
import { type Tx, transaction, transactionAfter } from '../store/db.ts'
import { insertOmissions, notificationsOfFact } from '../store/events/omissions.ts'
import { lockPayment } from '../store/events/payments.ts'
import { type Advance, advancePlans, lockPlans, type PlanCancellations, postponePlan } from '../store/events/plans.ts'
import { lockReferences } from '../store/events/superseded.ts'
import { insertTimers } from '../store/events/timers.ts'
import type { Job } from '../store/jobs/queues.ts'
import { jobOf, snooze } from '../store/jobs/wake.ts'
import { insertContents, insertNotifications, type Made, prepareContents } from '../store/notifications/insert.ts'
import { together } from '../store/together.ts'
import { cancelPart } from './cancel-part.ts'
import { type FoundPayment, findPayment, keepWaiting, settlePayment } from './payment.ts'
import type { FollowUps, PlannedPart } from './planned-part.ts'
import { affectOthers, affectsOthers, supersedeOwn } from './superseding.ts'

type NewOfEvent = NewNotification & { eventId: string }

/** How long a planner may take for the next part before it counts as dead. */
const partTimeoutMs = 30_000

export interface PartToStore {
  event: StoredEvent
  part: PlannedPart
  followUps: FollowUps
  /** The job that plans the next part; null where the caller goes on itself. */
  rest: Job | null
}

/** How many notifications are new; null where another planner has stored this part, or the event has ended. */
type Stored = number | null | 'to wait for others'

/** Stores a part, or puts the plan off. */
export type StorePart = (one: PartToStore) => Promise<Stored>

/** Whether it concerns no other event, so that it may share a transaction with other such parts. */
export function standsAlone({ event, part, followUps }: PartToStore): boolean {
  return !part.payment && isOfOneEvent(factOf(event)) && !canBeStopped(part, followUps) && !affectsOthers(followUps)
}

/** Stores parts of different events that stand alone. */
export async function storeParts(ctx: Ctx, parts: PartToStore[]): Promise<(number | null)[]> {
  const advances = parts.map((one) => advanceOf(ctx, one))
  const first = (tx: Tx) => lockPlans(tx, advances)
  let send = async (): Promise<NewOfEvent[]> => []
  let created: NewOfEvent[] = []
  const locked = await transactionAfter(
    ctx.db,
    first,
    async (tx, locked) => {
      send = await toStore(
        ctx,
        tx,
        parts.filter(({ event }) => locked.has(event.id)),
        locked,
      )
      return locked
    },
    // No answer to these changes what is written.
    async () => {
      created = await send()
    },
  )
  const counts = Map.groupBy(created, ({ eventId }) => eventId)
  const answer = parts.map(({ event }) => (locked.has(event.id) ? (counts.get(event.id)?.length ?? 0) : null))
  return counted(ctx, { answer, created })
}

/** Answers a function that sends all writes before it first waits, and answers the notifications that are new. */
async function toStore(
  ctx: Ctx,
  tx: Tx,
  own: PartToStore[],
  cancellations: PlanCancellations,
): Promise<() => Promise<NewOfEvent[]>> {
  const planned = own.flatMap(({ part }) => part.notifications)
  const made = own.map(({ event, part }) => ({ event, notifications: part.notifications }))
  const omitted = own.flatMap(({ event, part }) => omissionsOf(event, part.omissions))
  const sendContents = prepareContents(tx, planned)
  // A notification that its fact already had is not made again, and a job of it finds nothing.
  const sendJobs = await ctx.jobs.prepare(tx, [...jobsOf(planned), ...own.flatMap(nextPart)])
  return async () => {
    // In this order: contents are inserted only of notifications that exist by then.
    const [created] = await together(
      insertNew(ctx, tx, made),
      advancePlans(
        tx,
        own.map((one) => advanceOf(ctx, one)),
      ),
      sendContents(),
      insertOmissions(tx, omitted),
      sendJobs(),
      ...own.flatMap((one) => cancelPart(ctx, tx, one, cancellations)),
    )
    return created
  }
}

/** Stores a part that may concern other events: of one payment or refund, or with a common reference. */
export async function storePart(ctx: Ctx, one: PartToStore): Promise<Stored> {
  const { event, part, followUps } = one
  const { payment, notifications, omissions, isLast } = part
  const stored = await transaction(ctx.db, async (tx): Promise<{ answer: Stored; created: NewNotification[] }> => {
    if (payment) await lockPayment(tx, payment, mayBeJoined(payment))
    const found = payment && (await findPayment(tx, event.id, payment, ctx.clock.now()))
    const until = found?.waitsUntil
    if (until) return { answer: await postpone(ctx, tx, event, { ...found, waitsUntil: until }), created: [] }
    // Before any insert: of two planners, the second waits here and then finds the part stored.
    const advanced = await advancePlans(tx, [advanceOf(ctx, one)])
    if (!advanced.has(event.id)) return { answer: null, created: [] }
    const fact = found ? await settlePayment(ctx, tx, event.id, found) : factOf(event)
    const isStoppable = canBeStopped(part, followUps)
    if (isStoppable || affectsOthers(followUps)) await lockReferences(tx, event.references)
    const made = await insertOfFact(ctx, tx, { ...event, fact }, notifications)
    await together(
      insertContents(tx, made.notifications),
      insertOmissions(tx, omissionsOf(event, [...omissions, ...made.omissions])),
      ctx.jobs.enqueue(tx, [...jobsOf(made.notifications), ...nextPart(one)]),
    )
    if (isLast) await insertTimers(tx, ctx.jobs, event.id, followUps.timers)
    await together(...cancelPart(ctx, tx, one, advanced))
    if (isStoppable) await supersedeOwn(ctx, tx, event)
    if (isLast) await affectOthers(ctx, tx, event, followUps)
    return { answer: made.notifications.length, created: made.notifications }
  })
  return counted(ctx, stored)
}

async function postpone(
  ctx: Ctx,
  tx: Tx,
  { id, priority }: StoredEvent,
  found: FoundPayment & { waitsUntil: Date },
): Promise<Stored> {
  const { waitsUntil: at } = found
  if (!(await postponePlan(tx, id, at))) return null
  await keepWaiting(tx, id, found)
  await snooze(tx, ctx.jobs, { stage: 'plan', priority, id, at }, ctx.clock.now())
  return 'to wait for others'
}

/** Counts what a committed transaction has created. */
function counted<T>(ctx: Ctx, { answer, created }: { answer: T; created: NewNotification[] }): T {
  ctx.metrics.planned(created)
  return answer
}

function canBeStopped({ notifications }: PlannedPart, { timers }: FollowUps): boolean {
  return timers.length > 0 || notifications.some((n) => n.stoppedBy)
}

function advanceOf(ctx: Ctx, { event, part: { range, isLast } }: PartToStore): Advance {
  return { eventId: event.id, range, isLast, dueAt: new Date(ctx.clock.now().getTime() + partTimeoutMs) }
}

const omissionsOf = ({ id: eventId }: StoredEvent, omissions: Omission[]) =>
  omissions.map((one) => ({ ...one, eventId }))

const nextPart = ({ part, rest }: PartToStore): Job[] => (rest && !part.isLast ? [rest] : [])

function jobsOf(notifications: NewNotification[]): Job[] {
  const waiting = notifications.filter(({ state }) => state === 'pending' || state === 'scheduled')
  return waiting.map((n) => {
    const at = n.state === 'scheduled' ? n.scheduledFor : null
    return jobOf({ ...n, collects: n.digest !== undefined }, at ?? undefined)
  })
}

/** Returns those that their fact did not have yet, and whose contents are yet to be inserted. */
async function insertNew(ctx: Ctx, tx: Tx, made: Made[]): Promise<NewOfEvent[]> {
  const created = await insertNotifications(tx, made, ctx.clock.now())
  const all = made.flatMap(({ event, notifications }) => notifications.map((n) => ({ ...n, eventId: event.id })))
  return all.filter((n) => created.has(n.id))
}

/** Leaves out those that another event of the same fact has made, before or concurrently. */
async function insertOfFact(ctx: Ctx, tx: Tx, event: StoredEvent & { fact: string }, notifications: NewNotification[]) {
  const others = async (drafts: NewNotification[]) =>
    isOfOneEvent(event.fact) || drafts.length === 0
      ? []
      : duplicates(event.fact, drafts, await notificationsOfFact(tx, event.fact, event.id))
  const before = await others(notifications)
  const remaining = withoutOmitted(notifications, before)
  const fresh = await insertNew(ctx, tx, [{ event, notifications: remaining }])
  const created = new Set(fresh.map(({ id }) => id))
  const concurrent = await others(remaining.filter((n) => !created.has(n.id)))
  return { notifications: fresh, omissions: [...before, ...concurrent] }
}
