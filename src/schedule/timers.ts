// Fires due timers: each accepts a follow-up event with the recipients, data and reference of the timer's event.
import { validate } from '../accept/validate.ts'
import type { Ctx } from '../context.ts'
import { type Reason, reason } from '../domain/reason.ts'
import { supersededBy } from '../policy/eligibility.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import { inBatches, oneByOne } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import { insertEvents, type NewEvent } from '../store/events/insert.ts'
import { bodyLength, largeBodyBytes, readBody } from '../store/events/load.ts'
import {
  dueTimers,
  endTimer,
  findWaitingTimer,
  lockWaitingTimer,
  markFired,
  timerJob,
  type WaitingTimer,
} from '../store/events/timers.ts'
import { snooze } from '../store/jobs/wake.ts'

const batchSize = 200
/** Twenty timers are fired at once, and each event may have 10 MiB. */
const oneLargeAtATime = oneByOne()

type FireOutcome = 'fired' | 'stopped' | 'ended before'

/** Fires one timer, if it is due and not superseded. Idempotent, also when called concurrently. */
export async function fireTimer(ctx: Ctx, timerId: string): Promise<FireOutcome | 'not due yet'> {
  const timer = await findWaitingTimer(ctx.db, timerId)
  if (!timer) return 'ended before'
  const now = ctx.clock.now()
  if (timer.dueAt > now) {
    await transaction(ctx.db, (tx) => snooze(tx, ctx.jobs, timerJob(timer), now))
    return 'not due yet'
  }
  const { id, event } = timer
  const isLarge = (await bodyLength(ctx.db, event.id)) > largeBodyBytes
  const fire = async () => {
    const raw = await readBody(ctx.db, event.id)
    return raw ? storeFired(ctx, id, await successorOf(ctx, { ...timer, raw }), now) : 'ended before'
  }
  const outcome = await (isLarge ? oneLargeAtATime(fire) : fire())
  const ms = ctx.clock.now().getTime() - now.getTime()
  ctx.log.info(
    { stage: 'timer', timer: timer.id, event: timer.event.id, emits: timer.emits, outcome, ms },
    'timer fired',
  )
  return outcome
}

/** Fires every due timer, and answers how many events that made. Safe to run in several processes at once. */
export async function fireDueTimers(ctx: Ctx): Promise<number> {
  let fired = 0
  await inBatches(batchSize, async () => {
    const due = await dueTimers(ctx.db, ctx.clock.now(), batchSize)
    for (const id of due) if ((await fireTimer(ctx, id)) === 'fired') fired++
    return due.length
  })
  return fired
}

type Successor = { event: NewEvent } | { fault: Reason }

/** Ends the timer and stores its event, or why there is none. Of several concurrent calls, one does. */
async function storeFired(ctx: Ctx, id: string, successor: Successor, now: Date): Promise<FireOutcome> {
  return transaction(ctx.db, async (tx) => {
    const timer = await lockWaitingTimer(tx, id)
    if (!timer) return 'ended before'
    const stop = timer.supersedable && supersedingEvent(timer.supersedable)
    const why = stop ? supersededBy(stop) : 'fault' in successor ? successor.fault : null
    if (why) await endTimer(tx, id, why, now)
    if (why || !('event' in successor)) return 'stopped'
    await markFired(tx, id, now)
    await insertEvents(tx, ctx.jobs, [successor.event])
    return 'fired'
  })
}

/** Has the source of the timer's event, so that its app gets the callbacks; the derived source id makes it unique. */
async function successorOf(ctx: Ctx, { emits, dueAt, event, raw }: WaitingTimer & { raw: Buffer }): Promise<Successor> {
  const translate = ctx.sources.named(event.source).translate
  const before = await translate(raw)
  if (!before.ok) return { fault: reason('bad_data') }
  const { recipients, data } = before.content
  const [recipient] = recipients
  const body = {
    type: emits,
    timestamp: dueAt.toISOString(),
    ...(recipients.length === 1 ? { recipient } : { recipients }),
    data,
    ...(event.reference && { reference: event.reference }),
  }
  const made = Buffer.from(JSON.stringify(body))
  const validated = await validate(ctx, {
    source: event.source,
    sourceId: `posthorn:${emits.replace(/^.*\./, '').replaceAll('_', '-')}:${event.id}`,
    raw: made,
    translation: await translate(made),
    reportsFaultsToSender: false,
  })
  // What follows from a test is a test, also when its key is no longer listed. It belongs to the same trace.
  return validated.ok
    ? { event: { ...validated.event, livemode: event.livemode, traceparent: event.traceparent } }
    : { fault: reason('bad_data', { message: validated.detail }) }
}
