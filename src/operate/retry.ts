// Retries a notification for an operator: moves it from an end without acceptance back to pending, due now.
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { storedAs } from '../domain/coded.ts'
import { identityOf, type Message, type State } from '../domain/notification.ts'
import { reason } from '../domain/reason.ts'
import { entry } from '../domain/timeline.ts'
import { compose } from '../plan/compose.ts'
import { fanOut } from '../plan/fan-out.ts'
import { faultOf } from '../plan/fault.ts'
import { asRefund } from '../plan/refund.ts'
import { everyoneEligible } from '../policy/eligibility.ts'
import { reasonText } from '../show/reason.ts'
import { oneByOne } from '../store/batch.ts'
import { transaction } from '../store/db.ts'
import { findEvent } from '../store/events/load.ts'
import { type ActionResult, findRestartable, type Restartable, restart } from '../store/notifications/restart.ts'
import { publishedCopy } from '../store/people/copy.ts'

/** Each translates an event, which may have 10 MiB. */
const oneAtATime = oneByOne()
const retryable: State[] = ['failed', 'undelivered', 'unconfirmed', 'expired']

/**
 * Earlier attempts stay on record but no longer count, so a message in doubt may be sent twice. Of two concurrent calls,
 * the second is refused. `by` names the operator.
 */
export async function retry(ctx: Ctx, id: string, by: string): Promise<ActionResult> {
  const n = await findRestartable(ctx.db, id)
  if (!n) return { kind: 'unknown' }
  if (!retryable.includes(n.state)) return refused(n.state)
  if (n.isForgotten)
    return { kind: 'refused', detail: `Its message has been removed. ${reasonText(reason('retention'))}` }
  const message = n.hasMessage ? null : await oneAtATime(() => composeMissing(ctx, n))
  if (!n.hasMessage && !message)
    return { kind: 'refused', detail: 'It has no message, and none can be composed from its event.' }
  const now = ctx.clock.now()
  const request = {
    id,
    from: n.state,
    newKey: n.state === 'undelivered',
    message,
    entry: entry('retry_requested', { by, ...before(n, now) }),
  }
  const moved = await transaction(ctx.db, (tx) => restart(tx, ctx.jobs, [request], now))
  if (!moved.has(id)) return refused((await findRestartable(ctx.db, id))?.state ?? n.state)
  ctx.log.info({ stage: 'retry', notification: id, by, from: n.state }, 'retry requested')
  return { kind: 'done' }
}

function refused(state: State): ActionResult {
  return { kind: 'refused', detail: `It is ${state}. Only these can be retried: ${retryable.join(', ')}.` }
}

function before({ state, reasonCode, reasonParams, expiresAt }: Restartable, now: Date) {
  return { state, reason: storedAs(reasonCode, reasonParams), isLimitLifted: expiresAt !== null && expiresAt <= now }
}

/** Composes the message of a notification that was expired, or could not be rendered, when it was planned. */
async function composeMissing(ctx: Ctx, n: Restartable): Promise<Message | null> {
  const found = await findEvent(ctx.db, n.eventId)
  if (!found?.raw) return null
  const translation = await ctx.sources.named(found.event.source).translate(found.raw, found.enrichment?.found)
  if (!translation.ok || (await faultOf(translation, ctx.notifiersFor(found.event.type)))) return null
  const content = await asRefund(ctx.db, translation.content)
  const yieldTurn = eventLoopYielder()
  for (const candidate of fanOut(ctx, { event: found.event, content, ineligible: everyoneEligible })) {
    if (identityOf(candidate.planned) === identityOf(n))
      return compose(ctx, candidate, await publishedCopy(ctx.db, [candidate.notifier]))
    await yieldTurn()
  }
  return null
}
