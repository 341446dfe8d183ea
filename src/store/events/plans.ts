// What planning writes: notifications with their messages and alarms, the reasons why others were
// not made, and the event's end. One transaction a call; the same call twice changes nothing more.
import type { EventStatus } from '../../domain/event.ts'
import type { NewNotification, Reason } from '../../domain/notification.ts'
import type { PaymentTold } from '../../domain/payment.ts'
import { type Db, type Tx, transaction } from '../db.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Alarm } from '../jobs/queues.ts'
import { alarmOf } from '../jobs/wake.ts'
import { factOf, insertDigestParts, insertMessages, insertNotifications } from '../notifications/insert.ts'
import type { StoredEvent } from './insert.ts'
import { insertOmissions, isOmitted, type Omission, toldByOthers } from './omissions.ts'
import { factOfPayment, lockPayment } from './payments.ts'
import { stopOthers, stopOwn, takeTurns } from './superseded.ts'
import { insertTimers, type NewTimer } from './timers.ts'

export interface PlannedPart {
  /** Of the event's recipients: from the first up to, but not with, the second. */
  range: [number, number]
  /** The payment that the event tells of, where others may tell of it by other names. */
  payment: PaymentTold | null
  notifications: NewNotification[]
  omissions: Omission[]
  /** With it the event's plan ends. */
  isLast: boolean
}

/** What comes of a plan besides its notifications. */
export interface Effects {
  /** Made with the last part. */
  timers: NewTimer[]
  /** Whether events of its type stop what others have made. */
  stopsOthers: boolean
}

/** How long a planner may take for the next part of a large event before it counts as gone. */
const partTakesMs = 30_000

/**
 * Stores one part of an event's plan, and its end with the last. Answers how many notifications are new; null where
 * somebody else has planned this part, or the event is over. `rest`: who goes on with the next part, if not the caller.
 */
export async function storePlannedPart(
  db: Db,
  jobs: Jobs,
  event: StoredEvent,
  part: PlannedPart,
  effects: Effects,
  rest: Alarm | null,
  now: Date,
): Promise<number | null> {
  const { payment } = part
  const canBeStopped = effects.timers.length > 0 || part.notifications.some((n) => n.stoppedBy)
  return transaction(db, async (tx) => {
    if (payment) await lockPayment(tx, payment)
    if (!(await advance(tx, event.id, part, now))) return null
    const fact = payment ? await factOfPayment(tx, event.id, payment) : factOf(event)
    if (canBeStopped || effects.stopsOthers) await takeTurns(tx, event)
    const omitted = event.fact ? await toldByOthers(tx, event.id, fact, part.notifications) : []
    const untold = part.notifications.filter((n) => !isOmitted(n, omitted))
    const created = await insertNotifications(tx, { ...event, fact }, untold, now)
    const fresh = part.notifications.filter((n) => created.has(n.id))
    await insertMessages(tx, fresh)
    await insertDigestParts(tx, fresh)
    const late = event.fact ? untold.filter((n) => !created.has(n.id)) : []
    const told = [...omitted, ...(await toldByOthers(tx, event.id, fact, late))]
    await insertOmissions(tx, event.id, [...part.omissions, ...told])
    const alarms = fresh
      .filter((n) => n.state === 'pending' || n.state === 'scheduled')
      .map((n) =>
        alarmOf(
          { ...n, collects: n.digest !== undefined },
          n.state === 'scheduled' && n.scheduledFor ? n.scheduledFor : undefined,
        ),
      )
    await jobs.ring(tx, rest && !part.isLast ? [...alarms, rest] : alarms)
    if (part.isLast) await insertTimers(tx, jobs, event.id, effects.timers)
    if (canBeStopped) await stopOwn(tx, jobs, event, now)
    if (part.isLast && effects.stopsOthers) await stopOthers(tx, jobs, event, now)
    return created.size
  })
}

/** Past this part, or to the end: first, so that of two planners one waits here, and then finds that it has been done. */
async function advance(tx: Tx, eventId: string, { range: [from, upTo], isLast }: PlannedPart, now: Date) {
  const { rowCount } = await tx.query(
    `update events set planned_up_to = $3, status = case when $4 then 'planned' else status end, due_at = $5
     where id = $1 and status = 'accepted' and planned_up_to = $2`,
    [eventId, from, upTo, isLast, isLast ? null : new Date(now.getTime() + partTakesMs)],
  )
  return rowCount === 1
}

/**
 * Moves an event that nothing is made of from `accepted` to its end; what it stops it stops all the same. Someone else
 * got there first: nothing changes.
 */
export async function endPlan(
  db: Db,
  jobs: Jobs,
  event: StoredEvent,
  end: { status: Extract<EventStatus, 'ignored' | 'failed'>; reason: Reason },
  { stopsOthers: stops }: Effects,
  now: Date,
): Promise<void> {
  await transaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `update events set status = $2, reason_code = $3, reason_text = $4, due_at = null where id = $1 and status = 'accepted'`,
      [event.id, end.status, end.reason.code, end.reason.text],
    )
    if (rowCount !== 1 || !stops) return
    await takeTurns(tx, event)
    await stopOthers(tx, jobs, event, now)
  })
}
