// The second stage: turns an event into notifications with frozen messages, and their delivery jobs.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import { batcher, oneByOne } from '../store/batch.ts'
import { isDatabaseAway } from '../store/db.ts'
import { beginPlans, type StartedPlan, uncountTry } from '../store/events/load.ts'
import type { StoredEvent } from '../store/events/stored.ts'
import type { Work } from '../store/jobs/jobs.ts'
import { endWithoutNotifications } from './end-plan.ts'
import { followUpsOf } from './follow-ups.ts'
import { planTurn } from './plan-turn.ts'
import { type PartToStore, type StorePart, standsAlone, storePart, storeParts } from './store-part.ts'

const maxTries = 5
/** Larger events take much memory, so a process plans them one at a time. */
const largeBytes = 1024 * 1024

const oneLargeAtATime = oneByOne()
const oneRetryAtATime = oneByOne()

/** Begins and stores plans. */
export interface PlanSteps {
  begin(eventId: string): Promise<StartedPlan | null>
  store: StorePart
}

/** Answers the worker for plan jobs. Events that are planned at the same time share transactions. */
export function makePlan(ctx: Ctx): Work {
  const steps = {
    begin: batcher((ids: string[]) => beginPlans(ctx.db, ids, 'untried'), {
      maxItems: 50,
      keyOf: (id) => id,
      isShared: isDatabaseAway,
    }),
    store: batcher((parts: PartToStore[]) => storeParts(ctx, parts), {
      maxItems: 50,
      keyOf: ({ event }) => event.id,
      isShared: isDatabaseAway,
    }),
  }
  return (id) => plan(ctx, id, steps)
}

function stepsOfOne(ctx: Ctx): PlanSteps {
  return {
    begin: async (id) => (await beginPlans(ctx.db, [id], 'untried'))[0] ?? null,
    store: async (part) => (await storeParts(ctx, [part]))[0] ?? null,
  }
}

/**
 * Plans an accepted event, or the next turn of a large one. Idempotent, also when called concurrently. An event whose
 * planning failed, or ended the process, five times is given up.
 */
export async function plan(ctx: Ctx, eventId: string, steps = stepsOfOne(ctx)): Promise<void> {
  const store: StorePart = (one) => (standsAlone(one) ? steps.store(one) : storePart(ctx, one))
  const attempted = await steps.begin(eventId)
  if (attempted) return tryTurn(ctx, attempted, store)
  // One at a time: should planning end the process, only this event's tries are counted.
  await oneRetryAtATime(async () => {
    const [again] = await beginPlans(ctx.db, [eventId], 'tried')
    if (again) await tryTurn(ctx, again, store)
  })
}

async function tryTurn(ctx: Ctx, { tries, event, ...found }: StartedPlan, store: StorePart): Promise<void> {
  if (tries > maxTries) return giveUp(ctx, event)
  const turn = () => planTurn(ctx, { event, ...found }, store)
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
