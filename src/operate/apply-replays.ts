// Carries out replays: restarts notifications and plans events again, guarded by their states.
import type { Ctx } from '../context.ts'
import type { Entry } from '../domain/timeline.ts'
import type { Tx } from '../store/db.ts'
import type { StoredEvent } from '../store/events/stored.ts'
import { addEventEntries, resetPlans } from '../store/notifications/replay-events.ts'
import { type Restart, restart } from '../store/notifications/restart.ts'

/** What a replay does to one event. */
export interface ReplayAction {
  event: StoredEvent
  restarts: Restart[]
  /** Whether to plan it again, because notifications are missing. */
  plans: boolean
  /** An entry for the event's timeline. */
  entry: Entry | null
}

export interface AppliedReplays {
  restarted: Set<string>
  /** Ids of the events that are planned again. */
  planned: Set<string>
}

/** Idempotent: rows that have moved since they were read are left unchanged, and missing from the answer. */
export async function applyReplays(ctx: Ctx, tx: Tx, actions: ReplayAction[], now: Date): Promise<AppliedReplays> {
  const restarts = actions.flatMap((action) => action.restarts)
  const restarted = await restart(tx, ctx.jobs, restarts, now)
  const toPlan = actions.filter((action) => action.plans).map(({ event }) => event)
  const planned = await resetPlans(tx, toPlan, now)
  const isPlanned = toPlan.filter(({ id }) => planned.has(id))
  await ctx.jobs.enqueue(
    tx,
    isPlanned.map(({ id, priority }) => ({ stage: 'plan', priority, id })),
  )
  const entries = actions.flatMap(({ event, entry }) => (entry ? [{ eventId: event.id, entry }] : []))
  await addEventEntries(tx, entries, now)
  return { restarted, planned }
}
