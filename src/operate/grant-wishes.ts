// What a replay does to events and their notifications, guarded by their states, so that a replay run twice does nothing twice.
import type { Ctx } from '../context.ts'
import type { Tx } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import { addEventEntries, planAgain } from '../store/notifications/replay-events.ts'
import { type Restart, restart } from '../store/notifications/restart.ts'

/** What is wished for one event. */
export interface Wish {
  event: StoredEvent
  restarts: Restart[]
  /** Whether it is to be planned again: some of its notifications were never made. */
  plans: boolean
  /** A line in the event's timeline. */
  entry: { what: string; detail: string | null } | null
}

export interface Granted {
  restarted: Set<string>
  /** Events that are planned again. */
  planned: Set<string>
}

/** Does it; what has moved meanwhile is left alone. */
export async function grantWishes(ctx: Ctx, tx: Tx, wishes: Wish[], now: Date): Promise<Granted> {
  const restarts = wishes.flatMap((wish) => wish.restarts)
  const restarted = await restart(tx, ctx.jobs, restarts, now)
  const toPlan = wishes.filter((wish) => wish.plans).map(({ event }) => event)
  const planned = await planAgain(tx, toPlan, now)
  const isPlanned = toPlan.filter(({ id }) => planned.has(id))
  await ctx.jobs.enqueue(
    tx,
    isPlanned.map(({ id, priority }) => ({ stage: 'plan', priority, id })),
  )
  const entries = wishes.flatMap(({ event, entry }) => (entry ? [{ eventId: event.id, ...entry }] : []))
  await addEventEntries(tx, entries, now)
  return { restarted, planned }
}
