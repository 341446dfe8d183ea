// Cancels superseded notifications and timers: an event's own, and those of the events that it supersedes.
import type { Ctx } from '../context.ts'
import { entry } from '../domain/timeline.ts'
import { supersededBy } from '../policy/eligibility.ts'
import { supersedingEvent } from '../policy/superseding.ts'
import { noWrites, write } from '../store/attempts/writes.ts'
import type { Tx } from '../store/db.ts'
import type { StoredEvent } from '../store/events/insert.ts'
import {
  addStopped,
  eventsSharingReference,
  lockSupersedableNotifications,
  lockSupersedableTimers,
  type SupersedableItem,
} from '../store/events/superseded.ts'
import { endTimer } from '../store/events/timers.ts'

/** Cancels what this event has made and an earlier event supersedes. */
export async function supersedeOwn(ctx: Ctx, tx: Tx, { id }: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, [id], null)
}

/** Cancels what other events have made and this event supersedes. */
export async function supersedeOthers(ctx: Ctx, tx: Tx, event: StoredEvent): Promise<void> {
  await endSuperseded(ctx, tx, await eventsSharingReference(tx, event), event.type)
}

async function endSuperseded(ctx: Ctx, tx: Tx, eventIds: string[], type: string | null): Promise<void> {
  const now = ctx.clock.now()
  const writes = noWrites()
  const superseded = supersededOf(await lockSupersedableNotifications(tx, eventIds, type))
  for (const { id, by } of superseded) {
    writes.moves.push({ id, state: 'cancelled', reason: supersededBy(by), dueAt: null })
    const stopped = entry('superseded', { type: by.type, event: by.id })
    writes.entries.push({ notificationId: id, at: now, entry: stopped })
  }
  await write(tx, ctx.jobs, writes)
  // In one order, so that two plans cannot deadlock.
  const stops = [...Map.groupBy(superseded, ({ by }) => by.id)].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [id, all] of stops) await addStopped(tx, id, all.length)
  for (const { id, by } of supersededOf(await lockSupersedableTimers(tx, eventIds, type)))
    await endTimer(tx, id, supersededBy(by), now)
}

function supersededOf(items: SupersedableItem[]) {
  return items.flatMap(({ id, supersedable }) => {
    const by = supersedingEvent(supersedable)
    return by ? [{ id, by }] : []
  })
}
