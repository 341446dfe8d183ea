// The second stage: turns an event into notifications with frozen messages, and their delivery jobs.
import type { Ctx } from '../context.ts'
import { reason } from '../domain/reason.ts'
import type { FoundEvent, StoredEvent } from '../domain/stored-event.ts'
import { inTurnIfTried, maxTries, type TriedBefore, tryOrGiveUp } from '../guard/tries.ts'
import { batcher, oneByOne } from '../store/batch.ts'
import { isDatabaseAway } from '../store/db.ts'
import { beginPlans, countTry, firstPlans, readBody, type StartedPlan, uncountTry } from '../store/events/load.ts'
import type { Occasion, Work } from '../store/jobs/worker-pool.ts'
import { endWithoutNotifications } from './end-plan.ts'
import { endTurn } from './end-turn.ts'
import { followUpsOf } from './follow-ups.ts'
import { makeReadPart } from './part-reads.ts'
import { planTurn, type TurnSteps } from './plan-turn.ts'
import { type PartToStore, type StorePart, standsAlone, storePart, storeParts } from './store-part.ts'

/** Large events take much memory, so a process reads and plans them one at a time. */
const oneLargeAtATime = oneByOne()
const oneRetryAtATime = oneByOne()

/** Begins, reads for and stores plans. */
export interface PlanSteps extends TurnSteps {
  /** Begins its first try, which is counted only once it has failed. */
  beginFirst(eventId: string): Promise<StartedPlan | null>
  /** Counts its first try, as earlier ones may have ended their process. */
  begin(eventId: string): Promise<StartedPlan | null>
}

/** Answers the worker for plan jobs. Events that are planned at the same time share statements and transactions. */
export function makePlan(ctx: Ctx): Work {
  const shared = { maxItems: 50, isShared: isDatabaseAway }
  const steps = {
    beginFirst: batcher((ids: string[]) => firstPlans(ctx.db, ids), shared),
    begin: batcher((ids: string[]) => beginPlans(ctx.db, ids, 'untried'), { ...shared, keyOf: (id) => id }),
    read: makeReadPart(ctx),
    store: batcher((parts: PartToStore[]) => storeParts(ctx, parts), { ...shared, keyOf: ({ event }) => event.id }),
  }
  return (id, occasion, event) => plan(ctx, id, { ...steps, occasion, event })
}

function stepsOfOne(ctx: Ctx): PlanSteps {
  return {
    beginFirst: async (id) => (await firstPlans(ctx.db, [id]))[0] ?? null,
    begin: async (id) => (await beginPlans(ctx.db, [id], 'untried'))[0] ?? null,
    read: makeReadPart(ctx),
    store: async (part) => (await storeParts(ctx, [part]))[0] ?? null,
  }
}

/**
 * Plans an accepted event, or the next turn of a large one. Idempotent, also when called concurrently. An event whose
 * planning failed, or ended the process, five times is given up; a first try that ended the process is not counted.
 */
export async function plan(
  ctx: Ctx,
  eventId: string,
  { occasion, event, ...steps }: PlanSteps & { occasion?: Occasion; event?: FoundEvent } = stepsOfOne(ctx),
): Promise<void> {
  const store: StorePart = (one) => (standsAlone(one) ? steps.store(one) : storePart(ctx, one))
  const begin = async (which: TriedBefore) => {
    if (which === 'tried') return (await beginPlans(ctx.db, [eventId], which))[0] ?? null
    if (occasion === 'at once' && event) return firstTry(event)
    // A first fetch that ends its process is followed by a repeat, as a try at once is by its alarm.
    if (occasion === 'at once' || occasion === 'fetched') return steps.beginFirst(eventId)
    return occasion === 'alarm' ? null : steps.begin(eventId)
  }
  await inTurnIfTried(oneRetryAtATime, begin, async (started) => {
    if (started) await tryTurn(ctx, started, { ...steps, store })
  })
}

/** Of an event that comes with its body, which is small. */
function firstTry(event: FoundEvent): StartedPlan {
  return { ...event, isLarge: false, tries: 1, isCounted: false }
}

async function tryTurn(
  ctx: Ctx,
  { tries, isCounted, event, isLarge, ...found }: StartedPlan,
  steps: TurnSteps,
): Promise<void> {
  const turn = () => planTurn(ctx, { event, ...found }, steps)
  const largeTurn = async () => planTurn(ctx, { event, ...found, raw: await readBody(ctx.db, event.id) }, steps)
  const work = () => (isLarge ? oneLargeAtATime(largeTurn) : turn())
  if (!isCounted) return countIfItFails(ctx, event.id, work)
  await tryOrGiveUp({
    tries,
    work,
    uncount: () => uncountTry(ctx.db, event.id),
    giveUp: () => giveUp(ctx, event),
  })
}

/** Does a first try that nobody has counted. One that ends the process, or fails as the database is away, is not counted at all. */
async function countIfItFails(ctx: Ctx, id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isDatabaseAway(error)) await countTry(ctx.db, id).catch(() => {})
    throw error
  }
}

async function giveUp(ctx: Ctx, event: StoredEvent): Promise<void> {
  const startedAt = ctx.clock.now()
  const end = { status: 'failed' as const, reason: reason('planning_failed') }
  await endWithoutNotifications(ctx, event, end, followUpsOf(ctx, event))
  endTurn(ctx, event, { outcome: 'given up', reason: end.reason.code, tries: maxTries }, startedAt)
}
