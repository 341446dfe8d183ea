// A timer's time has come: its event brings about another one, of the same people, data and reference, which goes the
// way of any event from here on. By an alarm of its own, or by whoever asks for all that are due; it is made once.
import { validate } from '../accept/validate.ts'
import type { Ctx } from '../context.ts'
import type { Reason } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import type { NewEvent } from '../store/events/insert.ts'
import {
  dueTimers,
  type Fired,
  findWaitingTimer,
  fireTimer,
  timerAlarm,
  type WaitingTimer,
} from '../store/events/timers.ts'
import { ringAgain } from '../store/jobs/wake.ts'

const atOnce = 200

/** Fires one timer, if it is due and nothing has stopped it. Safe to call twice, at once even. */
export async function fire(ctx: Ctx, timerId: string): Promise<Fired | 'not due yet'> {
  const timer = await findWaitingTimer(ctx.db, timerId)
  if (!timer) return 'ended before'
  const now = ctx.clock.now()
  if (timer.dueAt > now) {
    await ringAgain(ctx.db, ctx.jobs, timerAlarm(timer))
    return 'not due yet'
  }
  const outcome = await fireTimer(ctx.db, ctx.jobs, timer.id, successorOf(ctx, timer), now)
  ctx.log.info({ stage: 'fire', timer: timer.id, event: timer.event.id, emits: timer.emits, outcome }, 'timer fired')
  return outcome
}

/** Fires every timer that is due, and answers how many events that made. Safe to call in many processes at once. */
export async function fireDue(ctx: Ctx): Promise<number> {
  let fired = 0
  for (;;) {
    const due = await dueTimers(ctx.db, ctx.clock.now(), atOnce)
    for (const id of due) if ((await fire(ctx, id)) === 'fired') fired++
    if (due.length < atOnce) return fired
  }
}

/** Under the source of the first event, so that its app is told; its id makes it the only one, whoever makes it. */
function successorOf(ctx: Ctx, { emits, dueAt, event, raw }: WaitingTimer): { event: NewEvent } | { fault: Reason } {
  const translate = ctx.translator(event.source)
  const before = translate(raw)
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
  const validated = validate(ctx, {
    source: event.source,
    sourceId: `posthorn:${emits.replace(/^.*\./, '').replaceAll('_', '-')}:${event.id}`,
    raw: made,
    translation: translate(made),
    answersForItsData: false,
  })
  return validated.ok ? validated : { fault: reason('bad_data', validated.detail) }
}
