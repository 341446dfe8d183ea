// The second stage: turns an event into notifications with frozen messages, and their delivery jobs.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { oneByOne } from '../store/batch.ts'
import { isDatabaseAway } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { beginPlan, type StartedPlan, uncountTry } from '../store/events/load.ts'
import { followUpsOf } from './follow-ups.ts'
import { planTurn } from './plan-turn.ts'
import { endWithoutNotifications } from './store-part.ts'

const maxTries = 5
/** Larger events take much memory, so a process plans them one at a time. */
const largeBytes = 1024 * 1024

const oneLargeAtATime = oneByOne()
const oneRetryAtATime = oneByOne()

/**
 * Plans an accepted event, or the next turn of a large one. Idempotent, also when called concurrently. An event whose
 * planning failed, or ended the process, five times is given up.
 */
export async function plan(ctx: Ctx, eventId: string): Promise<void> {
  const attempted = await beginPlan(ctx.db, eventId, 'untried')
  if (attempted) return tryTurn(ctx, attempted)
  // One at a time: should planning end the process, only this event's tries are counted.
  await oneRetryAtATime(async () => {
    const again = await beginPlan(ctx.db, eventId, 'tried')
    if (again) await tryTurn(ctx, again)
  })
}

async function tryTurn(ctx: Ctx, { tries, event, ...found }: StartedPlan): Promise<void> {
  if (tries > maxTries) return giveUp(ctx, event)
  const turn = () => planTurn(ctx, { event, ...found })
  try {
    await ((found.raw?.length ?? 0) > largeBytes ? oneLargeAtATime(turn) : turn())
  } catch (error) {
    // If the database cannot store this either, the try counts.
    if (isDatabaseAway(error)) await uncountTry(ctx.db, event.id).catch(() => {})
    throw error
  }
}

async function giveUp(ctx: Ctx, event: StoredEvent): Promise<void> {
  const end = { status: 'failed' as const, reason: reason('planning_failed') }
  await endWithoutNotifications(ctx, event, end, followUpsOf(ctx, event))
  ctx.log.error({ stage: 'plan', event: event.id, type: event.type, tries: maxTries }, 'event given up')
}
