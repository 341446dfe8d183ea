// Second stage: an event's row becomes notifications with frozen messages, and the jobs that deliver them. An event whose
// planning has failed several times, or ended the process, is given up.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { oneByOne } from '../store/batch.ts'
import { isDatabaseAway } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { beginPlan, type StartedPlan, uncountTry } from '../store/events/load.ts'
import { followUpsOf } from './follow-ups.ts'
import { planTurn } from './plan-turn.ts'
import { endWithout } from './store-part.ts'

const mostTries = 5
/** What is larger than that takes memory: no two at once. */
const largeBytes = 1024 * 1024

/** One queue each for this process. */
const largeOnes = oneByOne()
const triedOnes = oneByOne()

/** Plans an accepted event, or the next turn's worth of one for many. Called twice, at once even, it makes nothing twice. */
export async function plan(ctx: Ctx, eventId: string): Promise<void> {
  const attempted = await beginPlan(ctx.db, eventId, 'untried')
  if (attempted) return tryTurn(ctx, attempted)
  // Should it end the process, no other event that was tried before is counted with it.
  await triedOnes(async () => {
    const again = await beginPlan(ctx.db, eventId, 'tried')
    if (again) await tryTurn(ctx, again)
  })
}

async function tryTurn(ctx: Ctx, { tries, event, ...found }: StartedPlan): Promise<void> {
  if (tries > mostTries) return giveUp(ctx, event)
  const turn = () => planTurn(ctx, { event, ...found })
  try {
    await ((found.raw?.length ?? 0) > largeBytes ? largeOnes(turn) : turn())
  } catch (error) {
    // Where the database cannot take that either, the try counts.
    if (isDatabaseAway(error)) await uncountTry(ctx.db, event.id).catch(() => {})
    throw error
  }
}

async function giveUp(ctx: Ctx, event: StoredEvent): Promise<void> {
  const end = { status: 'failed' as const, reason: reason('planning_failed') }
  await endWithout(ctx, event, end, followUpsOf(ctx, event))
  ctx.log.error({ stage: 'plan', event: event.id, type: event.type, tries: mostTries }, 'an event was given up')
}
